# 材料和照片

papers-title = 材料和照片
papers-none = 还没有。
paper-jpeg = 照片
paper-png = 图片
paper-webp = 图片
paper-pdf = PDF
paper-add = 加一份
paper-file = 照片或扫描件
paper-file-hint = JPEG、PNG、WebP 或 PDF，不超过 { $n } MB。照片里的位置和设备信息会去掉。不要拍不相干的人。
paper-name = 是什么（例如：住院发票）
paper-hand-in = 交上去
paper-withdraw = 撤下
paper-withdraw-why = 为什么撤下
paper-missing = 请选一个文件。
paper-too-large = 太大了，最多 { $n } MB。拍小一点，或分几份。
paper-media = 只收 JPEG、PNG、WebP 照片和 PDF。改了名字的别的文件也不收。
paper-broken = 这个文件不完整，打不开。请再拍或再扫一次。
paper-refused = 安全检查没有通过，没有收下。
paper-twice = 这一份已经有了。
paper-reason-missing = 请写为什么撤下。
