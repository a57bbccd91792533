//! Names as people bear them, and as clerks mishear them.

use crate::draw::Draw;
use values::Sex;

/// A person's name: as written in the register and, for those who have one, in Latin letters.
#[derive(Clone, Debug)]
pub struct Name {
    pub text: String,
    pub latin: Option<String>,
}

/// Surnames with their frequency, in hundredths of a percent.
const SURNAMES: [(&str, u32); 104] = [
    ("王", 710),
    ("李", 700),
    ("张", 670),
    ("刘", 510),
    ("陈", 460),
    ("杨", 380),
    ("黄", 240),
    ("吴", 200),
    ("赵", 200),
    ("周", 190),
    ("徐", 145),
    ("孙", 138),
    ("马", 130),
    ("朱", 126),
    ("胡", 116),
    ("林", 113),
    ("郭", 113),
    ("何", 110),
    ("高", 100),
    ("罗", 100),
    ("郑", 93),
    ("梁", 85),
    ("谢", 76),
    ("宋", 70),
    ("唐", 69),
    ("许", 66),
    ("邓", 62),
    ("冯", 62),
    ("韩", 61),
    ("曹", 60),
    ("曾", 58),
    ("彭", 58),
    ("肖", 56),
    ("蔡", 53),
    ("潘", 52),
    ("田", 52),
    ("董", 51),
    ("袁", 50),
    ("于", 48),
    ("余", 48),
    ("叶", 48),
    ("蒋", 48),
    ("杜", 47),
    ("苏", 46),
    ("魏", 45),
    ("程", 45),
    ("吕", 45),
    ("丁", 43),
    ("沈", 41),
    ("任", 41),
    ("姚", 40),
    ("卢", 40),
    ("傅", 40),
    ("钟", 40),
    ("姜", 39),
    ("崔", 38),
    ("谭", 38),
    ("廖", 37),
    ("范", 36),
    ("汪", 36),
    ("陆", 36),
    ("金", 35),
    ("石", 35),
    ("戴", 34),
    ("贾", 33),
    ("韦", 33),
    ("夏", 33),
    ("邱", 32),
    ("方", 32),
    ("侯", 30),
    ("邹", 30),
    ("熊", 29),
    ("孟", 29),
    ("秦", 29),
    ("白", 28),
    ("江", 28),
    ("闫", 28),
    ("薛", 27),
    ("尹", 27),
    ("段", 24),
    ("雷", 24),
    ("黎", 22),
    ("史", 21),
    ("龙", 21),
    ("陶", 21),
    ("贺", 20),
    ("顾", 20),
    ("毛", 20),
    ("郝", 20),
    ("龚", 20),
    ("邵", 20),
    ("万", 19),
    ("钱", 19),
    ("严", 19),
    ("覃", 18),
    ("武", 18),
    ("莫", 17),
    ("孔", 16),
    ("向", 16),
    ("汤", 16),
    ("欧阳", 6),
    ("上官", 2),
    ("令狐", 2),
    ("司马", 1),
];

const MEN_OLD: &str = "国建文明德福贵兴忠仁义信良才根全友顺长山川江松柏树森土正元亨达胜武光荣发财宝昌盛永有富金银玉成志学书民安康健和平春生云海清新祖启贤敬孝洪喜银柱栓锁铁钢世代先守家万百双绍朝廷开";
const MEN_NEW: &str = "伟强磊军洋勇杰涛超辉刚斌波鹏宇浩林峰飞鑫亮龙东俊庆鸿轩泽豪梓航晨曦阳晓辰逸凡嘉懿铭睿哲翰墨翔奇思源子博子昊天俊熙皓然一诺奕辰沐宸锦程煜城佑瑞霖恒宁远";
const WOMEN_OLD: &str = "秀英桂兰珍莲香玉洁月花春菊淑贞慧华素云芬荣琼翠雅芝凤琴梅芳娥银仙桃杏枝叶竹清巧妙姣改引招弟换存满连粉线针爱群先会昌惠善孝美金翠莲转群珠瑛碧彩霞";
const WOMEN_NEW: &str = "芳娜敏静丽艳娟玲红燕萍雪琳晶瑶怡婷婉倩颖露佳嘉欣梦琪涵雨萱诗语馨蕊薇菲莹莎蓉蕾黛悦思嫣然柔若紫冰心秋夏冬莉莺菁苗珊璐璇可欣一诺子涵梓晴语桐沐妍芷若奕涵锦瑟";

/// The county's other peoples: given name, clan, and both in Latin letters.
const CLANS: [(&str, &str); 12] = [
    ("吉克", "Jike"),
    ("阿的", "Adi"),
    ("沙马", "Shama"),
    ("阿尔", "Aer"),
    ("马海", "Mahai"),
    ("吉木", "Jimu"),
    ("曲比", "Qubi"),
    ("勒格", "Lege"),
    ("阿苏", "Asu"),
    ("俄木", "Emu"),
    ("海来", "Hailai"),
    ("罗洪", "Luohong"),
];
const CLAN_MEN: [(&str, &str); 12] = [
    ("尔布", "Erbu"),
    ("木乃", "Munai"),
    ("拉铁", "Latie"),
    ("伍且", "Wuqie"),
    ("子哈", "Ziha"),
    ("石布", "Shibu"),
    ("阿牛", "Aniu"),
    ("日火", "Rihuo"),
    ("古哈", "Guha"),
    ("依坡", "Yipo"),
    ("克其", "Keqi"),
    ("五来", "Wulai"),
];
const CLAN_WOMEN: [(&str, &str); 12] = [
    ("阿呷", "Aga"),
    ("伍果", "Wuguo"),
    ("尔作", "Erzuo"),
    ("史洗", "Shixi"),
    ("么么", "Yaoyao"),
    ("阿支", "Azhi"),
    ("古作", "Guzuo"),
    ("阿依", "Ayi"),
    ("伍加", "Wujia"),
    ("日洗", "Rixi"),
    ("木果", "Muguo"),
    ("阿洛", "Aluo"),
];

/// Characters of one sound, as a clerk at the counter confuses them.
const SOUNDS: [&str; 92] = [
    "伟维卫炜玮魏",
    "强墙",
    "芳方坊舫",
    "军君均钧俊",
    "国果",
    "华花化",
    "建健剑键见",
    "明名鸣铭",
    "德得",
    "福富夫付傅",
    "贵桂",
    "兴星",
    "文雯闻",
    "英瑛莹盈",
    "秀绣",
    "兰岚蓝",
    "珍真贞珠",
    "莲连廉",
    "香湘",
    "玉育钰毓宇雨",
    "洁杰捷",
    "月悦跃",
    "春纯",
    "菊局",
    "淑叔舒",
    "慧惠会卉",
    "素肃苏",
    "云芸耘",
    "芬分",
    "荣蓉容融",
    "琼穷",
    "翠粹",
    "雅亚",
    "芝之枝知",
    "凤奉",
    "琴勤芹秦",
    "梅眉美",
    "娥鹅",
    "仙先鲜",
    "志智治致",
    "学雪",
    "民敏",
    "安庵",
    "康",
    "和河禾何",
    "平萍苹",
    "生升声胜",
    "海",
    "清青庆卿",
    "新欣心鑫馨",
    "成程诚城承",
    "忠中钟仲",
    "仁任壬",
    "义毅艺益亦怡依",
    "信芯",
    "良梁亮",
    "才财材",
    "根跟",
    "全泉权",
    "友有",
    "顺舜",
    "长常昌",
    "山珊杉",
    "江姜将",
    "松嵩",
    "树术述",
    "正政郑",
    "光广",
    "发法",
    "宝保",
    "永勇咏泳",
    "金今津锦",
    "银寅",
    "洪红宏鸿弘",
    "喜希西",
    "柱祝",
    "磊蕾雷",
    "洋阳扬杨",
    "涛滔陶",
    "超朝",
    "辉晖徽",
    "刚钢",
    "斌彬宾",
    "波博",
    "鹏朋彭",
    "浩皓昊郝",
    "峰锋丰风",
    "飞菲非",
    "龙隆",
    "东冬",
    "梓子紫",
    "涵晗寒",
];

/// A character and its other written form.
const FORMS: [(char, char); 40] = [
    ('国', '國'),
    ('华', '華'),
    ('兴', '興'),
    ('云', '雲'),
    ('贵', '貴'),
    ('兰', '蘭'),
    ('凤', '鳳'),
    ('银', '銀'),
    ('张', '張'),
    ('刘', '劉'),
    ('陈', '陳'),
    ('杨', '楊'),
    ('黄', '黃'),
    ('吴', '吳'),
    ('赵', '趙'),
    ('孙', '孫'),
    ('马', '馬'),
    ('罗', '羅'),
    ('郑', '鄭'),
    ('谢', '謝'),
    ('邓', '鄧'),
    ('冯', '馮'),
    ('韩', '韓'),
    ('肖', '萧'),
    ('叶', '葉'),
    ('蒋', '蔣'),
    ('苏', '蘇'),
    ('卢', '盧'),
    ('钟', '鐘'),
    ('谭', '譚'),
    ('陆', '陸'),
    ('闫', '阎'),
    ('丽', '麗'),
    ('红', '紅'),
    ('艳', '艷'),
    ('义', '義'),
    ('军', '軍'),
    ('龙', '龍'),
    ('峰', '峯'),
    ('学', '學'),
];

/// A surname, by frequency.
pub fn surname(draw: &mut Draw) -> &'static str {
    let mut rest = draw.below(SURNAMES.iter().map(|(_, n)| n).sum());
    for (surname, weight) in SURNAMES {
        if rest < weight {
            return surname;
        }
        rest -= weight;
    }
    SURNAMES[0].0
}

/// A given name of the time of birth.
pub fn given(draw: &mut Draw, sex: Sex, year: i16) -> String {
    let pool = match (sex, year < 1982) {
        (Sex::Male, true) => MEN_OLD,
        (Sex::Male, false) => MEN_NEW,
        (Sex::Female, true) => WOMEN_OLD,
        (Sex::Female, false) => WOMEN_NEW,
    };
    let count = pool.chars().count() as u32;
    // Two draws, the smaller: the first characters of a pool are the commoner ones.
    let mut character = || pool.chars().nth(draw.below(count).min(draw.below(count)) as usize).unwrap_or('文');
    let first = character();
    let second = character();
    let mut text = String::from(first);
    if second != first || draw.percent(30) {
        text.push(second);
    }
    text
}

/// A full name in the manner of the majority.
pub fn full(draw: &mut Draw, surname: &str, sex: Sex, year: i16) -> Name {
    Name { text: format!("{surname}{}", given(draw, sex, year)), latin: None }
}

/// A name with an interpunct: clan, then given name.
pub fn of_clan(draw: &mut Draw, clan: usize, sex: Sex) -> Name {
    let (clan, clan_latin) = CLANS[clan % CLANS.len()];
    let pool = if sex == Sex::Male { CLAN_MEN } else { CLAN_WOMEN };
    let (first, first_latin) = draw.pick(&pool);
    let (text, latin) = if draw.percent(55) {
        let (second, second_latin) = draw.pick(&pool);
        (format!("{clan}·{first}{second}"), format!("{clan_latin} {first_latin}{}", second_latin.to_lowercase()))
    } else {
        (format!("{clan}·{first}"), format!("{clan_latin} {first_latin}"))
    };
    Name { text, latin: Some(latin) }
}

/// The name as a clerk wrote it wrongly.
pub fn misheard(draw: &mut Draw, name: &Name) -> String {
    if let Some(latin) = &name.latin
        && draw.percent(60)
    {
        return match draw.below(4) {
            0 => latin.clone(),
            1 => name.text.replace('·', ""),
            2 => name.text.replace('·', "."),
            _ => name.text.replace('·', "•"),
        };
    }
    let mut chars: Vec<char> = name.text.chars().collect();
    let last = chars.len() - 1;
    let at = 1 + draw.below(last.max(1) as u32) as usize % last.max(1);
    match draw.weighted(&[50, 18, 12, 12, 8]) {
        0 => chars[at] = same_sound(draw, chars[at]),
        1 => match chars.iter().position(|c| other_form(*c).is_some()) {
            Some(i) => chars[i] = other_form(chars[i]).unwrap_or(chars[i]),
            None => chars[at] = same_sound(draw, chars[at]),
        },
        2 if chars.len() > 2 => {
            chars.remove(at);
        }
        3 if chars.len() > 2 => chars.swap(last, last - 1),
        _ => chars[at] = draw.pick(&['晓', '小', '世', '光', '永', '桂', '少', '祥', '俊', '庭']),
    }
    chars.into_iter().collect()
}

fn other_form(c: char) -> Option<char> {
    FORMS.iter().find_map(|(a, b)| (*a == c).then_some(*b).or((*b == c).then_some(*a)))
}

fn same_sound(draw: &mut Draw, c: char) -> char {
    let Some(group) = SOUNDS.iter().find(|group| group.contains(c)) else {
        return draw.pick(&['明', '文', '华', '平', '英', '云']);
    };
    let others: Vec<char> = group.chars().filter(|other| *other != c).collect();
    if others.is_empty() { c } else { draw.pick(&others) }
}
