# Labels for doors

menu-labels = Door labels
label-title = Door label
label-why = Put up at the door, it leads whoever visits to this family’s file. Who is not signed in or may not see the family sees nothing; the family can read who scanned it.
label-sheet = Print by the sheet
label-none = This family has none yet.
label-make = Make one
label-replace = Replace it; the old one ends
label-take-down = Take it down
labels-intro = 24 to a sheet, printed from the browser. A label that was replaced or taken down opens nothing.
labels-make = Make the missing ones, { $n } at most
labels-empty = No labels yet
labels-empty-why = Press the button above to make them for the families you work with.
