sign-in-title = Sign in
sign-in-lead = With the account your county gave you.
sign-in-failed = You are not signed in.
sign-in-wrong = Account or password is wrong. { $n_is ->
    [one] One more try, then a wait of 5 minutes.
   *[other] { $n } more tries, then a wait of 5 minutes.
}
sign-in-blocked = Too many wrong tries. Please wait { $n_is ->
    [one] one minute.
   *[other] { $n } minutes.
}
sign-in-account = Account
sign-in-password = Password
sign-in-enter = Sign in
sign-in-demo = Accounts of the demo
sign-in-demo-why = This county is invented. Choose a post and look around; the password of each account is jiuyuan-2026.
sign-in-family = See your own household, with a one-time code
sign-in-forgotten = Forgot your password? Ask the system administrator of your office.
sign-in-noted = What you look at and what you change is noted; residents can see it.

account-menu = Account
account-title = Account
account-sessions = Where you are signed in
account-sessions-why = End what you don't recognise, then change your password.
account-device = Device
account-unknown-device = Unknown device
account-this-one = this one
account-since = Signed in
account-seen = Last used
account-end = End

staff-menu = Accounts and posts
staff-title = Accounts and posts
staff-lead = Who does what, where. What somebody may see comes from posts alone.
staff-name = Name
staff-posts = Posts
staff-no-post = No post: sees nothing
staff-account-taken = This account exists already
staff-account-form = An account isn't empty and has no spaces
staff-password-short = A password has at least 10 characters

audit-menu = Audit trail
audit-title = Audit trail
audit-lead = Who saw what and changed what, when. Only ids, nothing about residents.
audit-whole = The trail is whole.
audit-count = { $n_is ->
    [one] One entry in the last 7 days,
   *[other] { $n } entries in the last 7 days,
} none changed, missing or moved.
audit-broken = The trail was tampered with:
audit-changed = { $writer } { $day }: the content of entry { $number } was changed
audit-gap = { $writer } { $day }: entries before { $number } are missing, or it was moved
audit-cut-off = { $writer } { $day }: entries up to { $number } were removed
audit-when = When
audit-who = Who
audit-what = What
audit-about = About
staff-duties-apart = The system, security and audit administrators are different people, and none of them works with families. Choose somebody else.

step-factor = One more step
step-factor-why = From the county upwards, and for administrators, signing in takes two things: the password, and a code from your phone.
step-password = First, a password of your own
step-password-why = Somebody else made up the first password. Change it to one that only you know.
step-enrolment = Set up an authenticator
step-enrolment-why = Your post signs in in two steps. Set up an authenticator app once, any will do; from then on type the six digits it shows.
step-back = Sign in again
factor-code = The six digits on your phone
factor-paper = Without your phone, use one of the recovery codes you wrote down; each works once.
factor-code-wrong = The code is wrong, or was used already. Wait for the next one and try again.
factor-title = Add an authenticator
factor-label = A name for it, such as “office phone”
factor-last = Your post asks for a second step, so the last one can’t be ended. Add the new one first, then end the old one.
factor-totp = Authenticator app
enrol-photograph = Photograph this with the app:
enrol-picture = A QR code with the same content as the text below
enrol-type = Or type it in:
enrol-code = The six digits the app shows
enrol-do = Set up
recovery-title = Recovery codes
recovery-why = If your phone is lost, these codes let you in, each once. Write them down; this page doesn’t come back.
recovery-kept = Set up. The recovery codes you have remain good.
recovery-go-on = Written down, go on
password-new = New password (10 characters or more)
password-again = The new password again
password-old = Present password
password-change = Change password
password-wrong = The present password is wrong
staff-password-differs = The two new passwords differ
account-factors = Second step
account-factors-why = Beside the password, so that a guessed password opens nothing.
account-factors-none = None is set up.
account-factor = Kind
account-factor-add = Add an authenticator
account-recovery-left = { $n_is ->
    [one] One recovery code left.
   *[other] { $n } recovery codes left.
}
account-recovery-new = New recovery codes
account-password = Password
delegation-title = A stand-in during leave
delegation-why = Lend your post to a colleague; it comes back by itself. What the stand-in does is noted under their own name.
delegation-account = To whom (their account)
delegation-from = From
delegation-to = Until, that day included
delegation-do = Lend
delegation-return = Take back
delegation-none = You have no post to lend.
delegation-not-this = This post can’t be lent: an administrator’s duties are personal, and what was lent isn’t lent on.
delegation-days = { $n } days at most, and the end not before the beginning. For longer, ask for an appointment.
delegation-beyond = That is beyond the period of the post itself.
delegation-past = The last day has passed
delegation-to-whom = This county has no such account, or it is your own
staff-reason = Reason
staff-reason-missing = Give a reason
staff-name-empty = Give a name
staff-not-oneself = Not for yourself. Ask another administrator.
staff-day-wrong = Write a day as 2026-09-30
staff-role-unknown = There is no such post
staff-place-unknown = There is no such place code
staff-open = Open an account
staff-open-why = It gets a first password, shown once. The security administrator gives the post.
first-title = First password
first-why = Hand it over in person. It opens nothing but the page on which it is changed; this page doesn’t come back.
first-go-on = Handed over
person-factors = { $n_is ->
    [one] one second step
   *[other] { $n } second steps
}
person-lent = stand-in
person-give = Give a post
person-role = Post
person-place = Place code
person-to = Until (may be empty)
person-end-post = End the post
person-end-factors = End every second step
person-end-factors-why = Only after a lost phone. The person sets one up when they next sign in.
person-account = Account
person-reset = Reset password
person-close = Close account

machines-title = Machines
machines-why = Another system comes in by a token instead of a password. It can do no more than this account’s posts, and of that only what is ticked; every use stands in the audit trail.
machine-until = until { $a }
machine-seen = last used { $a }
machine-revoke = End
token-name = For which system
token-scopes = What for
token-days = Days it lives
token-issue = Issue a token
token-title = New token
token-why = Give it to that system now. It is shown this once; the store keeps only its digest.
token-name-missing = Say which system it is for, in at most 60 letters.
token-scope-missing = Tick at least one.
token-days-wrong = It may live for 1 to { $n } days.
staff-first-late = The county has accounts already: the system administrator opens new ones.
