"""The add-in for Excel: a ribbon, a thin bridge in VBA, and what builds EvenClass.xlam from them."""
