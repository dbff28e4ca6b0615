Option Explicit
' From a button to Python, and from trouble to one plain sentence. Words are on the sheet EvenClass.words.

Private Declare PtrSafe Function MessageBoxW Lib "user32" (ByVal hWnd As LongPtr, ByVal text As LongPtr, ByVal caption As LongPtr, ByVal style As Long) As Long

Public Sub EC_Run(ByVal key As String)
    ' Run one command. Whatever happens, staff see at most one message, in the language of Excel.
    Dim problem As String
    On Error GoTo failed
    problem = EC_Problem()
    If problem <> "" Then
        EC_Tell problem
    Else
        RunPython "import addin.live; addin.live.clicked('" & key & "')"
    End If
    Exit Sub
failed:
    EC_Failed "", Err.Number & " " & Err.Description
End Sub

Public Function EC_Problem() As String
    ' Say what is wrong with the installation, as the key of a sentence; "" if nothing is.
    Dim interpreter As String, library As String
    #If Mac Then
        EC_Problem = "windows_only"
        Exit Function
    #End If
    interpreter = GetConfig("INTERPRETER_WIN")
    library = "xlwings64-" & XLWINGS_VERSION & ".dll"
    If Not FileExists(interpreter) Then
        EC_Problem = "not_installed"
    ElseIf Not FileExists(ParentFolder(ParentFolder(interpreter)) & "\" & library) Then
        If Not FileExists(ParentFolder(interpreter) & "\" & library) Then EC_Problem = "other_version"
    End If
End Function

Public Sub EC_Failed(ByVal fileName As String, ByVal message As String)
    ' Keep what went wrong in the log, and say in words where it is; the text itself is for whoever helps.
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
    ' Show one sentence; {log} and {python} stand for paths.
    Dim text As String
    text = EC_Words(key)
    text = Replace(text, "{python}", GetConfig("INTERPRETER_WIN"))
    EC_Show text, EC_Words("title")
End Sub

Public Sub EC_Show(ByVal text As String, ByVal title As String)
    ' VBA's own message box cannot show Chinese on a Windows whose code page has none.
    #If Mac Then
        MsgBox text, 48, title
    #Else
        MessageBoxW Application.Hwnd, StrPtr(text), StrPtr(title), 48
    #End If
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
    ' Whether Excel speaks Chinese, of whatever region: 2 is the language of menus, the low ten bits are the language.
    On Error Resume Next
    EC_IsChinese = ((Application.LanguageSettings.LanguageID(2) And 1023) = 4)
End Function

Public Function EC_Part(ByVal tag As String, ByVal index As Long) As String
    Dim parts As Variant
    parts = Split(tag, ":")
    EC_Part = parts(index)
End Function
