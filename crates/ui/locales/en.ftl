# What all pages share

product = Fuzhi
skip = Skip to content
home-of-product = Fuzhi home
home = Home
menu = Menu
main-menu = Main menu
you-are-here = You are here
search-households = Search households
search-hint = Name, household no. or ID
other-language = 中文
other-language-short = 中
sign-out = Sign out ({ $a })
footer-machine = Machines ask, people decide
menu-work = Work
menu-data = Data
menu-self = You

filter = Apply
all = All
undo = Undo
reveal = Show
unknown = Not known
next-page = Next page
first-page = Back to the first page
between = { $low } to { $high }
at-least = at least { $a }
at-most = at most { $a }
yes = Yes
no = No

problem-not-found-title = This page can’t be opened
problem-forbidden-title = Your post can’t do this
problem-refused-title = Not possible now
problem-invalid-title = Some things need correcting
problem-conflict-title = Somebody has just changed this
problem-internal-title = Something went wrong
problem-ways = What you can do
problem-back = Go to the home page
problem-retry = Open it again
problem-number = When you call for help, quote this number: { $a }

menu-administration = Administration
role-grid_worker = Grid worker
role-village = Village
role-helper = Helper
role-township = Township
role-county = County
role-department = Department
role-leading_group = Leading group
role-city = City
role-province = Province
role-external_auditor = Auditor
role-audit_admin = Audit administrator
role-security_admin = Security administrator
role-system_admin = System administrator

error-not-found = There is no such page, or it lies outside what you may see. We use the same words for both, so that nobody learns who is on a list.
error-forbidden = Nothing was opened. If your work needs it, ask your system administrator to change your post.
error-invalid = Please correct the following and send it again.
error-conflict = Somebody has just changed this. Both versions are kept and nothing is lost; please read the new one, then decide.
error-busy = Too busy just now: what you entered was not saved. Please try again in a while.
error-internal = The fault is ours, and what you entered was not saved. Please try again in a while.
error-malformed = This request can’t be read. Please start again from a button or link on the page.
error-form-too-old = This form was open for too long. Please open the page again and send it.
error-too-large = That is too large.
