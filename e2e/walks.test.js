// The walk-throughs that a county would put a release through, each as somebody really goes: at the counter, in the
// village, at the family's own table; on a phone or at a desk, some of them without script.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { DESK, PHONE, browser, fuzhi, signedIn, village } from "./browser.js";
import { workbook } from "./workbook.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let world, chrome;

before(async () => {
  world = await village();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  world?.close();
});

const enter = (account, options) => signedIn(chrome, world.url, account, options);

/** The page of a family's file. */
async function fileOf(page, name) {
  await page.goto(`/households?q=${encodeURIComponent(name)}`);
  await page.getByRole("link", { name: `${name}家`, exact: true }).click();
  await page.getByRole("heading", { name: `${name}家`, level: 1 }).waitFor();
}

/** Follows a link of a list of cases to one family's. */
async function caseOf(page, tab, family) {
  await page.goto(`/cases?tab=${tab}`);
  await page.getByRole("link", { name: family }).first().click();
  await page.locator(".timeline").waitFor();
}

/** Opens a fold, with script or without. */
const unfold = (page, words) => page.locator("summary", { hasText: words }).first().click();

/** The family at its own page, without script, by the code that a clerk prints. */
async function atHome(clerk, name, { viewport = PHONE, language = "zh", script = false } = {}) {
  await fileOf(clerk, name);
  await clerk.getByRole("button", { name: "打一张新的" }).click();
  const code = await clerk.locator("[data-code]").textContent();
  const context = await chrome.newContext({
    viewport, javaScriptEnabled: script, bypassCSP: true, baseURL: world.url, reducedMotion: "reduce",
  });
  await context.addCookies([{ name: "language", value: language, url: world.url }]);
  const page = await context.newPage();
  await page.goto("/my/file");
  await page.locator("#code").fill(code);
  await page.locator("main form button").click();
  await page.waitForURL(/\/my\/file$/);
  return page;
}

test("a clerk takes down a hardship, two people visit, and every step has its person, time and reason", async () => {
  const page = await enter("village", { viewport: PHONE, script: false, touch: true });
  await fileOf(page, "黎福生");
  await page.getByRole("link", { name: "记一条情况" }).click();
  await page.locator("#words").fill("不识字，请我写：丈夫在外打工断了联系，家里没有钱买药");
  await page.getByText("立案：防止返贫监测").click();
  await page.getByRole("button", { name: "记好了" }).click();
  await page.getByText("下一步：").first().waitFor();
  await page.locator("input[name='f.way'][value=visit]").check();
  await page.locator("input[name='f.home']").fill("本人");
  await page.locator("textarea[name='f.situation']").fill("药断了半个月，邻居在帮忙");
  await page.locator("input[name='f.coping'][value=debt]").check();
  await page.locator("input[name='f.water'][value=steady]").check();
  await page.locator("input[name='f.consent']").check();
  await page.locator("input[name='f.signature'][value=fingerprint]").check();
  await page.getByRole("button", { name: "记好了，往下办" }).click();
  // Not read back, and alone: what is missing is said in words, and nothing typed is lost.
  await page.getByText("已经念给他们听").first().waitFor();
  assert.equal(await page.locator("textarea[name='f.situation']").inputValue(), "药断了半个月，邻居在帮忙");
  await page.locator("input[name='f.read_back']").check();
  await page.locator("input[name=with]").fill("杨建军");
  await page.getByRole("button", { name: "记好了，往下办" }).click();
  await page.locator(".timeline").getByText("王芳、杨建军：入户").waitFor();
  await page.locator(".timeline").getByText("立案").waitFor();
  await page.context().close();
});

test("a hospital bill that the employer paid is closed in one tap, and the rule's own page shows how right it was", async () => {
  const page = await enter("village", { viewport: PHONE, touch: true });
  await page.goto("/findings?set=risk");
  await page.locator("tbody th a").first().click();
  await page.getByText("不是问题，因为").click();
  await page.getByRole("button", { name: "单位或商业保险已经报销" }).click();
  await page.locator("#triage .flash").getByText("判为不是问题").waitFor();
  await page.goto("/rules/medical-cost-over-line");
  await page.getByText("看过 1 条，0 条往下办了。").first().waitFor();
  await page.context().close();
});

test("a family questions a figure from home; help goes on until it is answered, and it reads the answer", async () => {
  const clerk = await enter("township");
  const home = await atHome(clerk, "沈家明");
  await home.getByText("正在得到").or(home.getByText("正在办的事")).first().waitFor();
  await home.locator("summary", { hasText: "有一处不对" }).first().click();
  await home.locator("textarea[id^=question-]").fill("县城的房子去年就卖了，有合同");
  await home.locator("form", { has: home.locator("textarea[id^=question-]") }).getByRole("button").click();
  await home.getByText("收到了，还没有答复").waitFor();
  await caseOf(clerk, "open", "沈家明家");
  await unfold(clerk, "停止");
  await clerk.locator("input[id^=stop-]").fill("名下有房");
  await clerk.getByRole("button", { name: "停止，并出告知书" }).click();
  await clerk.getByText("答复以前，帮扶不停").waitFor();
  await caseOf(clerk, "open", "沈家明家");
  await clerk.locator("textarea[id^=answer-]").fill("看过合同，已请不动产登记更正");
  await clerk.getByRole("button", { name: "答复", exact: true }).click();
  await clerk.getByText("看过合同，已请不动产登记更正").first().waitFor();
  await home.goto("/my/file");
  await home.getByText("看过合同，已请不动产登记更正").waitFor();
  await home.getByText("陈晓雯，柳溪镇").first().waitFor();
  await home.getByRole("button", { name: "看完了，关上" }).click();
  await home.waitForURL(/\/signin\/family$/);
  await home.context().close();
  await clerk.context().close();
});

test("a pension after a death is a doubt that the family explains; nothing is clawed back", async () => {
  const page = await enter("township", { script: false });
  await page.goto("/findings?set=doubt");
  await page.locator("tbody th a").first().click();
  await page.getByText("7 月登记死亡，8 月仍有养老金到账").first().waitFor();
  await page.getByText("这不代表").waitFor();
  await page.locator("summary", { hasText: "不是问题，因为" }).click();
  await page.locator("input[name=note], textarea[name=note]").first().fill("当月发放有一个月的过渡，家里拿来了说明");
  await page.getByRole("button", { name: "按写的原因关闭" }).click();
  await page.locator("#triage").getByText("判为不是问题").waitFor();
  assert.equal(await page.getByText("追回").count(), 0);
  await page.context().close();
});

test("a notice with a number hidden in an attached sheet doesn't go up; the one neighbours need does", async () => {
  const county = await fuzhi();
  try {
    const page = await signedIn(chrome, county.url, "village", { script: false });
    await caseOf(page, "late", "沈家明家");
    const home = page.url();
    await page.locator("input[name='f.signatures']").fill("17");
    await page.getByRole("button", { name: "同意，去公示" }).click();
    const words = page.locator("textarea[name=words][lang]");
    await words.fill("附表\n沈家明\t５３９９０１ 19610512 0213");
    await page.getByRole("button", { name: "贴出公示" }).click();
    await page.getByText("公示里不能有：证件号码").waitFor();
    const attach = async (name, mimeType, buffer, looked = "") => {
      await page.goto(home);
      await unfold(page, "加一个附件");
      await page.locator("input[name=attachment]").setInputFiles({ name, mimeType, buffer });
      await page.locator("input[name=looked]").fill(looked);
      await page.getByRole("button", { name: "传上去" }).click();
    };
    const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    const shown = { name: "名单", rows: [["户主", "组", "人口"], ["沈家明", "三组", 3]] };
    const hidden = { name: "底稿", hidden: true, rows: [["沈家明", "底数"], ["", 539901196105120213]] };
    await attach("公示名单.xlsx", kind, workbook([shown, hidden]));
    await page.getByText("隐藏的工作表“底稿”的 B2：证件号码").waitFor();
    await attach("公示名单.csv", "text/csv", Buffer.from("户主,电话\n沈家明,138-0000-1234\n"));
    await page.getByText("第 2 行：电话号码").waitFor();
    await attach("村务栏.png", "image/png", Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"));
    await page.getByText("里有程序读不了的内容（图片）").waitFor();
    await attach("村务栏.png", "image/png", Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"), "看过，只有公示栏的外景，没有人名和号码");
    await page.getByText("看过的人说：看过，只有公示栏的外景").waitFor();
    const handedIn = (name) => readFileSync(new URL(`../testdata/handed-in/${name}`, import.meta.url));
    await attach("公示名单.pdf", "application/pdf", handedIn("locked-aes256.pdf"), "看过，没有不能公开的内容");
    await page.getByText("“公示名单.pdf”打不开：它有密码").waitFor();
    await attach("公示名单.pdf", "application/pdf", handedIn("printing-only.pdf"), "看过，没有不能公开的内容");
    await page.getByText("“公示名单.pdf”打不开：它有密码").waitFor();
    await attach("公示名单.pdf", "application/pdf", handedIn("scanned.pdf"));
    await page.getByText("里有程序读不了的内容（图片）").waitFor();
    await attach("公示名单.xlsx", kind, workbook([shown]));
    await page.getByRole("link", { name: "公示名单.xlsx" }).waitFor();
    await words.fill("经村民评议，拟把沈家明家（上湾村，3 口人）纳入防止返贫监测。");
    await page.getByRole("button", { name: "贴出公示" }).click();
    await page.getByText("公示到").first().waitFor();
    await page.getByRole("link", { name: "村里的公示" }).click();
    await page.getByText("拟把沈家明家（上湾村，3 口人）").waitFor();
    const sheet = await page.getByRole("link", { name: "公示名单.xlsx" }).getAttribute("href");
    // Whoever was given the board's address reads it without signing in; a search engine is told not to keep it.
    const answer = await fetch(`${county.url}${sheet}`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("x-robots-tag"), /noindex/);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), workbook([shown]));
    await page.context().close();
  } finally {
    county.close();
  }
});

test("a household splits for a second subsidy: it is logged, looked at one level up, and a genuine marriage isn't", async () => {
  const village = await enter("village", { viewport: PHONE, script: false, touch: true });
  const split = async (reason, kin) => {
    await fileOf(village, "谭志远");
    await village.getByRole("link", { name: "登记变动" }).click();
    await village.getByRole("link", { name: "分户" }).click();
    await village.locator("label", { hasText: reason }).click();
    const goes = village.locator("input[name=member]").nth(2);
    const name = (await goes.locator("..").textContent()).trim().split(" · ")[0];
    await goes.check();
    await village.locator("#head").selectOption(await goes.getAttribute("value"));
    await village.locator("#words").fill("一家人自己说的，看了户口簿");
    if (kin) {
      await unfold(village, "有亲属在村里");
      await village.locator("#kin_name").fill("王芳");
      await village.locator("#kin_relation").fill("堂妹");
    }
    await village.getByRole("button", { name: "记好了" }).click();
    await village.locator("#changes").getByText("等着同意").waitFor();
    return name;
  };
  const gone = await split("子女成年分家", true);
  const township = await enter("township");
  await township.goto("/changes");
  await township.getByText("这一条要县里同意").waitFor();
  const county = await enter("county");
  await county.goto("/changes");
  await county.getByText("有亲属任职：王芳（堂妹）").waitFor();
  await county.getByRole("button", { name: "同意，写进档案" }).click();
  await county.getByRole("heading", { name: "办过的" }).waitFor();
  await fileOf(township, gone);
  await township.getByText("从谭志远家分出来").waitFor();
  await township.getByRole("link", { name: "记一条情况" }).click();
  await township.locator("#words").fill("一个人过，没有收入，想申请低保");
  await township.getByText("立案：最低生活保障").click();
  await township.getByRole("button", { name: "记好了" }).click();
  await township.locator(".timeline").getByText("不是因为结婚").waitFor();
  await township.locator(".timeline").getByText("王芳 是亲属").waitFor();
  // A marriage: the township has looked at the certificate, and nothing is held up.
  await split("结婚", false);
  await township.goto("/changes");
  await township.getByRole("button", { name: "同意，写进档案" }).click();
  await fileOf(village, "谭志远");
  assert.equal(await village.locator("#changes li", { hasText: "（结婚）" }).getByText("往上一级定").count(), 0);
  for (const page of [village, township, county]) await page.context().close();
});

test("a county leader opens the omission rate and reaches the families, the formula and what it can't tell", async () => {
  for (const [viewport, script] of [[PHONE, false], [DESK, true]]) {
    const page = await enter("county", { viewport, script, touch: viewport === PHONE });
    await page.goto("/indicators");
    await page.getByRole("link", { name: "漏评率", exact: true }).click();
    await page.getByRole("heading", { name: "漏评率", level: 1 }).waitFor();
    await page.getByText(/往下办的 \d+ 户 ÷ 看过的 \d+ 户/).waitFor();
    // The cast is small: a rate from so few would mislead, so none is told.
    await page.getByText("看过的家庭不到 10 户时，不算比例").waitFor();
    await page.getByRole("heading", { name: "这个数说不了什么" }).waitFor();
    await page.locator(".tiles a", { hasText: "还没看" }).click();
    await page.waitForURL(/of=waiting/);
    assert.ok(await page.locator("#sample tbody th a").count() > 0);
    await page.locator("#sample tbody th a").first().click();
    await page.getByText("这不代表").waitFor();
    await page.context().close();
  }
});

test("axe finds nothing on a family's own page and on the pages of cases, papers, labels and indicators", async () => {
  const axe = async (page, path) => {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
    assert.deepEqual(found, [], path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${path} is ${wide} px too wide`);
  };
  for (const [viewport, language] of [[PHONE, "zh"], [DESK, "en"]]) {
    const clerk = await enter("village", { viewport });
    const home = await atHome(clerk, "彭长庚", { viewport, language, script: true });
    await axe(home, "/my/file");
    await home.context().close();
    await fileOf(clerk, "彭长庚");
    await axe(clerk, "the family's file");
    await caseOf(clerk, "open", "彭长庚家");
    await axe(clerk, "a case");
    for (const path of ["/cases", "/clues", "/changes", "/procedures", "/labels", "/signin/family", "/indicators", "/indicators/omission_rate?of=waiting"]) {
      await clerk.goto(path);
      await axe(clerk, path);
    }
    await clerk.goto("/labels");
    await clerk.locator(".head form button").click();
    await clerk.locator(".labels li").first().waitFor();
    await axe(clerk, "a sheet of labels");
    await clerk.context().close();
  }
});
