Option Explicit
' What the active workbook has, so that buttons that cannot work now are grey.

Public Function EC_State() As String
    If EC_Has("tables") Then
        EC_State = "tables"
        If EC_Has("placement") Then EC_State = EC_State & " placement"
        If EC_Has("history") Then EC_State = EC_State & " history"
    End If
End Function

Public Function EC_Has(ByVal needs As String) As Boolean
    Select Case needs
        Case "nothing"
            EC_Has = True
        Case "tables"
            EC_Has = Not EC_Table("Students") Is Nothing
        Case "placement"
            EC_Has = EC_HasPlacement()
        Case "history"
            EC_Has = EC_HasHistory()
    End Select
End Function

Private Function EC_HasPlacement() As Boolean
    ' Whether a pupil has a class: the column is known by any of its headers.
    Dim table As ListObject, column As ListColumn, headers As String
    Set table = EC_Table("Students")
    If table Is Nothing Then Exit Function
    headers = EC_Words("class_headers")
    For Each column In table.ListColumns
        If InStr(1, headers, "|" & LCase$(column.Name) & "|") > 0 Then
            If EC_IsFilled(column.DataBodyRange) Then EC_HasPlacement = True
        End If
    Next column
End Function

Private Function EC_HasHistory() As Boolean
    Dim table As ListObject
    Set table = EC_Table("History")
    If table Is Nothing Then Exit Function
    EC_HasHistory = EC_IsFilled(table.DataBodyRange)
End Function

Private Function EC_Table(ByVal tableName As String) As ListObject
    Dim sheet As Worksheet, table As ListObject
    If ActiveWorkbook Is Nothing Then Exit Function
    For Each sheet In ActiveWorkbook.Worksheets
        For Each table In sheet.ListObjects
            If LCase$(table.Name) = LCase$(tableName) Then
                Set EC_Table = table
                Exit Function
            End If
        Next table
    Next sheet
End Function

Private Function EC_IsFilled(cells As Range) As Boolean
    If cells Is Nothing Then Exit Function
    EC_IsFilled = Application.WorksheetFunction.CountA(cells) > 0
End Function
