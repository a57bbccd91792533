# Labels for doors

menu-labels = Door labels
label-title = Door label
label-why = Put up at the door, it leads whoever visits to this family’s file. Who is not signed in or may not see the family sees nothing; the family can read who scanned it.
label-sheet = Print by the sheet
label-none = This family has none yet.
label-make = Make one
label-replace = Replace it; the old one ends
label-take-down = Take it down
labels-intro = 24 to a sheet. A label that was replaced or taken down opens nothing.
labels-make = Make the missing ones, { $n } at most
labels-empty = No labels yet
labels-empty-why = Press the button above to make them for the families you work with.
label-hint = Staff: sign in and scan
menu-label-keys = Keys of door labels
label-keys-intro = Each door label carries the county’s signature. With the public key below anybody can tell without a network whether a label is this county’s own, and learns nothing else.
label-keys-empty = No label has been made yet, so there is no key.
label-key-signs = Signs now
label-key-earlier = Earlier, still good
label-key-withdrawn = Withdrawn: nothing it signed is good
label-key-since = Since { $a }
label-key-rotate = Take a new one
label-key-withdraw = Withdraw this one
label-key-withdraw-hint = Only when its secret half may have got out: every label it signed ends and has to be printed again.
label-key-signs-now = This one signs today. Take a new one first, then withdraw it.
label-verify-title = How to check one
label-verify-how = The code holds an address that ends in three parts between dots: a random number, the key’s number, the signature. It is Ed25519 over “fuzhi-label:” and the random number. Any program can check it, and so does this command:
