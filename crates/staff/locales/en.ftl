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
