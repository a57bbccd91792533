# 门牌码

menu-labels = 门牌码
label-title = 门牌码
label-why = 贴在门上，上门的人扫一下就到这家的档案。没有登录、不在范围里的人扫了什么也看不到；谁扫过，这家人看得到。
label-sheet = 成张打印
label-none = 这家还没有门牌码。
label-make = 做一个
label-replace = 换一个，旧的作废
label-take-down = 作废
labels-intro = 每张 24 个，用浏览器打印。换过、作废的码扫了打不开。
labels-make = 给没有的家庭做，一次最多 { $n } 个
labels-empty = 还没有门牌码
labels-empty-why = 按上面的按钮，给您范围里的家庭做。
