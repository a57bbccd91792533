//! What hangs beside a notice, and every paper a case makes.

use super::*;
use kernel::Unprinted;

/// A case whose notice may go up: 上湾村 agreed.
async fn to_be_published(village: &Village) -> String {
    let mut wang = village.sign_in("village").await;
    let mut chen = village.sign_in("township").await;
    let case = asks(&mut wang, 0, "monitoring", "看病花了三万多").await;
    enters(&mut wang, &case, &with(&VISITED, &[("outcome", "hardship")])).await;
    enters(&mut chen, &case, &CHECKED).await;
    enters(&mut wang, &case, &with(&REVIEWED, &[("outcome", "agree")])).await;
    case
}

const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\0\0\0\0\0\0\0\0IEND\0\0\0\0";

#[tokio::test]
async fn what_must_not_be_public_stays_out_of_attachments_and_the_rest_hangs_as_long_as_the_notice() {
    attachments::read_with(Box::new(|_, bytes| batch::texts(bytes)));
    told(async |village| {
        let case = to_be_published(&village).await;
        let mut wang = village.sign_in("village").await;
        let to = format!("{}/attachments", case.split('#').next().unwrap());
        let sheet = "户主,电话\n周德全,138-0000-1234\n张三,539901,19680409,0113\n".as_bytes();
        let refused = wang.upload_named(&to, &[], ("attachment", "名单.csv", sheet)).await;
        assert_eq!(refused.status, 422);
        assert!(refused.shows("第 2 行：电话号码；第 3 行：证件号码"), "{}", refused.text());
        let refused = wang.upload_named(&to, &[], ("attachment", "539901196804090113.csv", b"a,b")).await;
        assert!(refused.shows("文件名：证件号码"), "{}", refused.text());
        assert!(wang.upload_named(&to, &[], ("attachment", "a.exe", b"MZ\0\0")).await.shows("读不出来"));
        assert!(wang.upload_named(&to, &[], ("attachment", "a.png", PHOTO)).await.shows("请您自己看一遍"));
        assert!(wang.upload_named(&to, &[("looked", "看了")], ("attachment", "a.png", PHOTO)).await.status == 422);
        let looked = [("looked", "看过，只有公示栏，没有人名")];
        wang.upload_named(&to, &looked, ("attachment", "公示栏.png", PHOTO))
            .await
            .expect(&["公示栏.png", "看过的人说"]);
        let page =
            wang.upload_named(&to, &[], ("attachment", "../名单.csv", "户主,组\n周德全,三组\n".as_bytes())).await;
        page.expect(&["名单.csv", "公示栏.png"]);
        let photo = page.links().into_iter().find(|link| link.contains("/attachments/")).unwrap();
        wang.submit(&page, &format!("{photo}/withdrawal"), &[]).await;
        assert_eq!(wang.get(&photo).await.status, 404, "taken away before it hung");

        let mut stranger = village.sign_in("stranger").await;
        assert_eq!(stranger.upload_named(&to, &looked, ("attachment", "a.csv", b"a,b")).await.status, 404);
        let words = "周德全家（上湾村，4 口人）拟纳入防止返贫监测。";
        let up = [("verb", "publish"), ("step", "village_notice"), ("words", words)];
        let page = enters(&mut wang, &case, &up).await;
        let board = page.links().into_iter().find(|link| link.starts_with("/notices/")).unwrap();
        let late = wang.upload_named(&to, &[], ("attachment", "more.csv", b"a,b")).await;
        assert!(late.status == 422 && late.shows("现在办的不是这一步"), "nothing joins a notice that hangs");
        let mut anybody = village.visitor();
        let hung = anybody.get(&board).await;
        hung.expect(&["名单.csv"]);
        assert!(!hung.shows("公示栏.png"));
        let file = hung.links().into_iter().find(|link| link.starts_with(&board)).unwrap();
        let got = anybody.get(&file).await;
        assert_eq!(got.body, "户主,组\n周德全,三组\n".as_bytes());
        assert_eq!(got.headers["x-robots-tag"], "noindex, nofollow, noarchive");
        assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment; "));
        let own = wang.get(&case).await.links().into_iter().find(|link| link.contains("/attachments/")).unwrap();
        assert_eq!((wang.get(&own).await.status, stranger.get(&own).await.status), (200, 404));
        wang.get(&format!("{case}/letters/notice")).await.expect(&["附件：", "名单.csv", "上湾村村民委员会"]);
        village.days_later(5 + 30);
        assert_eq!(anybody.get(&file).await.status, 200);
        village.days_later(1);
        assert_eq!(anybody.get(&file).await.status, 404, "gone with its notice");
    })
    .await;
}

#[tokio::test]
async fn every_step_has_its_paper_and_a_pdf_or_why_not() {
    told(async |village| {
        let case = up_to_township(&village).await;
        let village = village.with_press(Ok(b"%PDF".to_vec()));
        let mut chen = village.sign_in("township").await;
        let page = chen.get(&case).await;
        let letters: Vec<String> = page.links().into_iter().filter(|link| link.contains("/letters/")).collect();
        page.expect(&["镇里审核记录表", "入户记录", "数据核对记录", "评议记录", "公示"]);
        assert!(letters.len() >= 6, "{letters:?}");
        for letter in &letters {
            chen.get(letter).await.expect(&["打印成 PDF", "周德全家"]);
            let pdf = chen.get(&format!("{letter}/pdf")).await;
            assert_eq!((pdf.status, pdf.headers["content-type"].to_str().unwrap()), (200, "application/pdf"));
            let sent = village.pressed();
            assert!(sent.contains("周德全") && !sent.contains("539901"), "{sent}");
        }
        let opinion = [("verb", "record"), ("step", "township_review"), ("f.opinion", "情况属实")];
        enters(&mut chen, &case, &with(&opinion, &[("outcome", "agree")])).await;
        let mut li = village.sign_in("county").await;
        let decision = |outcome, reason| {
            [("verb", "record"), ("step", "county_decision"), ("f.reason", reason), ("outcome", outcome)]
        };
        let back = enters(&mut li, &case, &decision("return", "票数再核一遍")).await;
        assert!(!back.shows("告知书"), "sent back: nothing is told to the family yet");
        enters(&mut chen, &case, &with(&opinion, &[("outcome", "agree")])).await;
        let page = enters(&mut li, &case, &decision("reject", "单位已经报销")).await;
        page.expect(&["不予纳入告知书"]);
        let letter = page.links().into_iter().find(|link| link.contains("/letters/decision-")).unwrap();
        let told = ["周德全家：", "没有把您家纳入", "单位已经报销", "不要钱", "依据：", "收到的人"];
        li.get(&letter).await.expect(&told);
        let village = village.with_press(Err(Unprinted::Characters("𠮷".into())));
        let mut li = village.sign_in("county").await;
        li.get(&format!("{letter}/pdf")).await.expect(&["没有这些字：𠮷", "没有把您家纳入"]);
        let mut stranger = village.sign_in("stranger").await;
        assert_eq!(stranger.get(&format!("{letter}/pdf")).await.status, 404);
        assert_eq!(li.get(&format!("{case}/letters/decision-1")).await.status, 404, "a visit is no decision");
    })
    .await;
}
