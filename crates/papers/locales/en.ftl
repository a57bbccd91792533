# Papers and photos

papers-title = Papers and photos
papers-none = None yet.
paper-jpeg = Photo
paper-png = Picture
paper-webp = Picture
paper-pdf = PDF
paper-add = Add one
paper-file = Photo or scan
paper-file-hint = JPEG, PNG, WebP or PDF up to { $n } MB. Place and device are taken out of photos. Keep other people out of the picture.
paper-name = What it is (such as a hospital bill)
paper-hand-in = Hand in
paper-withdraw = Withdraw
paper-withdraw-why = Why it is withdrawn
paper-missing = Please choose a file.
paper-too-large = Too large: { $n } MB at most. Take a smaller picture or split it.
paper-media = Only JPEG, PNG and WebP pictures and PDF are taken, whatever a file is called.
paper-broken = This file is incomplete and can’t be opened. Please take or scan it again.
paper-refused = The safety check didn’t pass; it was not kept.
paper-twice = This one is here already.
paper-reason-missing = Please say why.
