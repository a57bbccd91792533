# 门牌码

menu-labels = 门牌码
label-title = 门牌码
label-why = 贴在门上，上门的人扫一下就到这家的档案。没有登录、不在范围里的人扫了什么也看不到；谁扫过，这家人看得到。
label-sheet = 成张打印
label-none = 这家还没有门牌码。
label-make = 做一个
label-replace = 换一个，旧的作废
label-take-down = 作废
labels-intro = 每张 24 个。换过、作废的码扫了打不开。
labels-make = 给没有的家庭做，一次最多 { $n } 个
labels-empty = 还没有门牌码
labels-empty-why = 按上面的按钮，给您范围里的家庭做。
label-hint = 工作人员登录后扫码
menu-label-keys = 门牌码的公钥
label-keys-intro = 门牌码上有县里的签名。拿着下面的公钥，不联网也能验出一张门牌码是不是本县的；除此以外什么也看不到。
label-keys-empty = 还没有做过门牌码，所以还没有公钥。
label-key-signs = 正在签
label-key-earlier = 以前签的，仍有效
label-key-withdrawn = 已撤销，签过的都无效
label-key-since = { $a }起
label-key-rotate = 换一把新的
label-key-withdraw = 撤销这一把
label-key-withdraw-hint = 只在私钥可能泄露时撤销：它签过的门牌码都会作废，要重新打印、更换。
label-key-signs-now = 这一把正在签。请先换一把新的，再撤销它。
label-verify-title = 怎么验
label-verify-how = 码里是一个网址，末尾由点分成三段：随机编号、公钥编号、签名。签名是 Ed25519，签的是“fuzhi-label:”加随机编号。任何程序都能验，也可以用这一条命令：
