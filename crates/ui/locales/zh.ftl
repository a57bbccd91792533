# 所有页面共用的话

product = 扶智
skip = 跳到正文
home-of-product = 扶智首页
home = 首页
menu = 菜单
main-menu = 主菜单
you-are-here = 当前位置
search-households = 搜索家庭
search-hint = 搜姓名、户编号、身份证号
other-language = English
other-language-short = EN
sign-out = 退出（{ $a }）
footer-machine = 机器提出问题，人来决定
menu-work = 工作
menu-data = 数据
menu-self = 我的

filter = 筛选
all = 全部
undo = 撤销
reveal = 查看
unknown = 不清楚
next-page = 下一页
first-page = 回到第一页
between = { $low } 到 { $high }
at-least = 至少 { $a }
at-most = 最多 { $a }
yes = 是
no = 不是

problem-not-found-title = 这一页打不开
problem-forbidden-title = 您的岗位不能做这件事
problem-refused-title = 现在还不行
problem-invalid-title = 有几处要改
problem-conflict-title = 别人刚刚改过
problem-internal-title = 出了差错
problem-ways = 可以这样做
problem-back = 回到首页
problem-retry = 再打开一次
problem-number = 打电话求助时报这个编号：{ $a }

menu-administration = 管理
role-grid_worker = 网格员
role-village = 村里
role-helper = 帮扶人
role-township = 乡镇
role-county = 县里
role-department = 部门
role-leading_group = 领导小组
role-city = 市里
role-province = 省里
role-external_auditor = 审计
role-audit_admin = 审计管理员
role-security_admin = 安全管理员
role-system_admin = 系统管理员

error-not-found = 没有这一页，或者它不在您能看的范围里。两种情况我们说同样的话，免得泄露谁在名单上。
error-forbidden = 没有打开任何资料。工作需要的话，请本单位的系统管理员调整岗位。
error-invalid = 请按下面说的改一改，再交一次。
error-conflict = 别人刚刚改过。两份都留着，什么都没有丢；请看过新的，再决定。
error-busy = 现在太忙，您填的内容没有保存。请过一会儿再试。
error-internal = 是我们这边的问题，您填的内容没有保存。请过一会儿再试。
error-malformed = 这个请求读不懂。请从页面上的按钮或链接再来一次。
error-form-too-old = 这张表打开太久了。请重新打开页面再交。
error-too-large = 内容太大了。
