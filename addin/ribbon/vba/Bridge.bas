Option Explicit
' From a button to Python, and from trouble to one plain sentence. Sentences are on the sheet EvenClass.words.

Private Declare PtrSafe Function MessageBoxW Lib "user32" (ByVal hWnd As LongPtr, ByVal text As LongPtr, ByVal caption As LongPtr, ByVal style As Long) As Long

Public Sub EC_Run(ByVal key As String)
    ' Do what a button says. Whatever happens, staff see at most one message, in the language of Excel.
    Dim problem As String
    On Error GoTo failed
    problem = EC_Problem()
    If problem = "" Then
        RunPython "from addin import live; live.clicked('" & key & "')"
    Else
        EC_Tell problem
    End If
    Exit Sub
failed:
    EC_Failed "", Err.Number & " " & Err.Description
End Sub

Public Function EC_Problem() As String
    ' Say what is wrong with the installation, as the key of a sentence; "" if nothing is. The name of xlwings' library
    ' carries its version, so a look at the folder tells whether this file and the installed package are of one.
    Dim interpreter As String
    If InStr(1, Application.OperatingSystem, "Macintosh") > 0 Then
        EC_Problem = "windows_only"
        Exit Function
    End If
    interpreter = GetConfig("INTERPRETER_WIN")
    If Not HasFile(interpreter) Then
        EC_Problem = "not_installed"
    ElseIf Not HasFile(ParentFolder(ParentFolder(interpreter)) & "\xlwings64-" & XLWINGS_VERSION & ".dll") Then
        EC_Problem = "other_version"
    End If
End Function

Public Sub EC_Failed(ByVal fileName As String, ByVal message As String)
    ' Keep what went wrong in the log and say where that is; the text itself is for whoever helps, never shown.
    Dim files As Object, log As String
    On Error Resume Next
    log = GetConfig("LOG_FILE")
    Set files = CreateObject("Scripting.FileSystemObject")
    If fileName <> "" Then
        files.CopyFile fileName, log, True
    Else
        files.CreateTextFile(log, True, True).Write message
    End If
    EC_Tell "failed"
End Sub

Public Sub EC_Tell(ByVal key As String)
    ' Show one sentence; {python} and {log} stand for paths.
    Dim text As String
    text = EC_Words(key)
    If InStr(1, text, "{") > 0 Then
        text = Replace(text, "{python}", GetConfig("INTERPRETER_WIN"))
        text = Replace(text, "{log}", GetConfig("LOG_FILE"))
    End If
    EC_Show text, EC_Words("title")
End Sub

Public Sub EC_Show(ByVal text As String, ByVal title As String)
    ' VBA's own message box garbles Chinese on a Windows whose code page has none.
    If InStr(1, Application.OperatingSystem, "Macintosh") > 0 Then
        MsgBox text, 48, title
    Else
        MessageBoxW Application.Hwnd, StrPtr(text), StrPtr(title), 48
    End If
End Sub

Public Function EC_Words(ByVal key As String) As String
    Dim row As Long
    With ThisWorkbook.Worksheets("EvenClass.words")
        For row = 1 To 99
            If CStr(.Cells(row, 1).Value) = key Then
                EC_Words = CStr(.Cells(row, IIf(EC_IsChinese(), 2, 3)).Value)
                Exit Function
            End If
        Next row
    End With
End Function

Public Function EC_IsChinese() As Boolean
    ' Whether Excel speaks Chinese, of whatever region: 2 asks for the language of its menus, the low ten bits name it.
    On Error Resume Next
    EC_IsChinese = ((Application.LanguageSettings.LanguageID(2) And 1023) = 4)
End Function
