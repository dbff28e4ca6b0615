Option Explicit
' What customUI14.xml calls, and nothing else. A control's tag is "<needs>:<key>".

Private handle As IRibbonUI
Private shown As String

Public Sub EC_Load(ui As IRibbonUI)
    Set handle = ui
End Sub

Public Sub EC_Click(control As IRibbonControl)
    EC_Run EC_Part(control.Tag, 1)
    EC_Refresh
End Sub

Public Sub EC_Enabled(control As IRibbonControl, ByRef returnedVal)
    returnedVal = True ' what cannot be found out is left to the command, which says what is missing
    On Error Resume Next
    returnedVal = EC_Has(EC_Part(control.Tag, 0))
End Sub

Public Sub EC_Chinese(control As IRibbonControl, ByRef returnedVal)
    returnedVal = EC_IsChinese()
End Sub

Public Sub EC_English(control As IRibbonControl, ByRef returnedVal)
    returnedVal = Not EC_IsChinese()
End Sub

Public Sub EC_Refresh()
    ' Have Excel ask anew what can work now.
    On Error Resume Next
    shown = EC_State()
    If Not handle Is Nothing Then handle.Invalidate
End Sub

Public Sub EC_Changed()
    ' A cell was edited: ask anew only if that changes what can work.
    On Error Resume Next
    If EC_State() <> shown Then EC_Refresh
End Sub

Private Function EC_Part(ByVal tag As String, ByVal index As Long) As String
    Dim parts As Variant
    parts = Split(tag, ":")
    EC_Part = parts(index)
End Function
