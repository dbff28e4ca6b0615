Option Explicit
' RunPython as xlwings has it, closed: its own reads settings from, and puts folders on the path for, whatever workbook
' is in front, and shows tracebacks. Names and results are xlwings'; the module xlwings holds what is taken from there.

Public Function RunPython(ByVal PythonCommand As String) As Integer
    ' Run a Python command in the installed environment; 0 if it went well, else staff have been told.
    If LCase$(GetConfig("USE UDF SERVER")) = "true" Then
        RunPython = ExecuteServer(PythonCommand)
    Else
        RunPython = ExecuteWindows(PythonCommand, GetConfig("INTERPRETER_WIN"))
    End If
End Function

Private Function ExecuteServer(ByVal PythonCommand As String) As Integer
    ' Where a policy forbids Excel to start programs: ask a server that was started at logon.
    On Error GoTo failed
    XLPy.SetAttr XLPy.Module("xlwings._xlwindows"), "BOOK_CALLER", CallingBook()
    XLPy.Exec PythonCommand
    Exit Function
failed:
    EC_Failed "", Err.Number & " " & Err.Description
    ExecuteServer = -1
End Function

Private Function ExecuteWindows(ByVal PythonCommand As String, ByVal interpreter As String) As Integer
    ' Nothing of a workbook but its name goes to Python, as an argument in quotes. -I: neither the folder that the
    ' process happens to run in nor PYTHON* variables nor the user's own packages can put a module before ours.
    ' /D: nothing that other programs have told cmd to run first.
    Dim log As String, commandLine As String
    log = ExpandEnvironmentStrings("%TEMP%") & "\evenclass-" & CreateGUID() & ".log"
    commandLine = "cmd.exe /D /C pushd " & Quoted(ParentFolder(interpreter)) & " && " & Quoted(interpreter) & " -I -c " _
        & Quoted(PythonCommand) & " --wb=" & Quoted(CallingBook().Name) & " --from_xl=1 --hwnd=" _
        & Quoted(CStr(Application.Hwnd)) & " 2> " & Quoted(log)
    If WScript.Run(commandLine, 0, True) <> 0 Then
        EC_Failed log, ""
        ExecuteWindows = -1
    End If
    On Error Resume Next
    CreateObject("Scripting.FileSystemObject").DeleteFile log
End Function

Public Function XLPyCommand() As String
    ' How xlwings starts a server, or the class of the one that runs already.
    If LCase$(GetConfig("DEBUG UDFS")) = "true" Then
        XLPyCommand = "{506e67c3-55b5-48c3-a035-eed5deea7d6d}"
    Else
        XLPyCommand = "cmd.exe  /K " & Chr$(34) & Quoted(GetConfig("INTERPRETER_WIN")) & " -I -c " _
            & Quoted("import xlwings; xlwings.serve('$(CLSID)')") & Chr$(34)
    End If
End Function

Public Function GetConfig(ByVal configKey As String, Optional ByVal default As String = "") As String
    ' A setting from the add-in's own sheet and from nowhere else: no sheet of another workbook, no file beside it,
    ' none in the user's folder.
    Dim row As Long, found As String
    found = default
    With ThisWorkbook.Worksheets(PROJECT_NAME & ".conf")
        For row = 1 To 99
            If CStr(.Cells(row, 1).Value) = configKey Then
                found = CStr(.Cells(row, 2).Value)
                Exit For
            End If
        Next row
    End With
    GetConfig = ExpandEnvironmentStrings(found)
End Function

Public Function ExpandEnvironmentStrings(ByVal text As String) As String
    ExpandEnvironmentStrings = WScript.ExpandEnvironmentStrings(text)
End Function

Public Function HasFile(ByVal path As String) As Boolean
    ' VBA's own file functions fail on signs outside the code page: a user's folder may have a Chinese name.
    ' Not called FileExists: LibreOffice, which runs these modules in the tests, has its own.
    HasFile = CreateObject("Scripting.FileSystemObject").FileExists(path)
End Function

Public Function ParentFolder(ByVal path As String) As String
    ParentFolder = Left$(path, InStrRev(path, "\") - 1)
End Function

Private Function CallingBook() As Object
    ' The workbook that a command is about; the add-in itself when none is open.
    Set CallingBook = ActiveWorkbook
    If CallingBook Is Nothing Then Set CallingBook = ThisWorkbook
End Function

Private Function Quoted(ByVal text As String) As String
    Quoted = Chr$(34) & Replace(text, Chr$(34), "") & Chr$(34)
End Function
