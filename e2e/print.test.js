// Documents on paper, by the program as a county runs it: PDFs that another program reads, labels that another program
// proves, and what the page says where the companion or its font is missing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import jsqr from "jsqr";
import { browser, fuzhi, signedIn } from "./browser.js";

let world, chrome;

before(async () => {
  world = await fuzhi();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  world?.close();
});

/** A PDF by its address, for who has signed in on a page. */
async function pdf(page, path) {
  const answer = await page.request.get(path);
  assert.equal(answer.headers()["content-type"], "application/pdf", `${path} answers ${answer.status()}`);
  return answer.body();
}

/** What poppler reads in it. */
const text = (bytes) => execFileSync("pdftotext", ["-layout", "-", "-"], { input: bytes, encoding: "utf8" });

/** A page as gray pixels, by poppler. */
function pixels(bytes, dots) {
  const pgm = execFileSync("pdftoppm", ["-gray", "-r", String(dots), "-f", "1", "-l", "1"], { input: bytes, maxBuffer: 1 << 28 });
  const [head] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.subarray(0, 40).toString("latin1"));
  const [, width, height] = head.split(/\s+/).map(Number);
  return { width, height, gray: pgm.subarray(head.length) };
}

/** The code in a part of a page, as a phone's camera would read it. */
function code({ width, gray }, x0, y0, wide, high) {
  const rgba = new Uint8ClampedArray(wide * high * 4).fill(255);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) rgba.fill(gray[(y0 + y) * width + x0 + x], (y * wide + x) * 4, (y * wide + x) * 4 + 3);
  }
  return jsqr(rgba, wide, high)?.data;
}

test("every letter of every case becomes a PDF with the family's name and without a whole number", async () => {
  const kinds = new Map();
  for (const language of ["zh", "en"]) {
    const page = await signedIn(chrome, world.url, "township", { language, script: false });
    await page.goto("/cases?tab=open");
    const cases = new Set(await page.locator("tbody th a[href^='/cases/']").evaluateAll((links) => links.map((link) => link.getAttribute("href"))));
    await page.goto("/cases?tab=ended");
    for (const href of await page.locator("tbody th a[href^='/cases/']").evaluateAll((links) => links.map((link) => link.getAttribute("href")))) cases.add(href);
    assert.ok(cases.size > 6, `${cases.size} cases`);
    for (const href of cases) {
      await page.goto(href);
      const who = (await page.locator("h1").textContent()).trim();
      const letters = await page.locator("a[href*='/letters/']").evaluateAll((links) => links.map((link) => [link.getAttribute("href"), link.textContent]));
      for (const [letter, title] of letters) {
        const kind = `${letter.split("/").pop().split("-")[0]}-${language}`;
        const bytes = await pdf(page, `${letter}/pdf`);
        const read = text(bytes);
        assert.ok(read.includes(who.replace("’s household", "").replace(/家$/, "").split(" ").pop()), `${letter} names ${who}:\n${read}`);
        assert.doesNotMatch(read, /\d{17}[\dXx]|1[3-9]\d{9}/, letter);
        assert.doesNotMatch(read, /\{ ?\$|letter-|sign-/, `${letter}: a message is missing`);
        if (process.env.FUZHI_SHOTS && (!kinds.has(kind) || kind.startsWith("decision"))) {
          mkdirSync(process.env.FUZHI_SHOTS, { recursive: true });
          const file = join(process.env.FUZHI_SHOTS, `${kind}-${title.replaceAll(/\W+/g, "")}-${kinds.size}`);
          writeFileSync(`${file}.pdf`, bytes);
          execFileSync("pdftoppm", ["-png", "-r", "60", `${file}.pdf`, file]);
        }
        kinds.set(kind, title);
      }
    }
    await page.context().close();
  }
  for (const kind of ["form", "record", "minutes", "notice", "decision"]) {
    for (const language of ["zh", "en"]) assert.ok(kinds.has(`${kind}-${language}`), `${kind} was never printed in ${language}`);
  }
});

test("a sheet of labels is read from paper, and proven by a program that has the public key alone", async () => {
  const page = await signedIn(chrome, world.url, "village");
  await page.goto("/labels");
  await page.locator(".head form button").click();
  await page.locator(".labels li").first().waitFor();
  const bytes = await pdf(page, "/labels/pdf?after=");
  assert.match(text(bytes), /彭长庚家/);
  if (process.env.FUZHI_SHOTS) writeFileSync(join(process.env.FUZHI_SHOTS, "labels.pdf"), bytes);
  const sheet = pixels(bytes, 200);
  const [wide, high] = [Math.floor(sheet.width / 3), Math.floor((33 / 297) * sheet.height)];
  const address = code(sheet, Math.floor((10 / 210) * sheet.width), Math.floor((10 / 297) * sheet.height), Math.floor(wide * 0.62), high + 20);
  assert.ok(address?.startsWith(`${world.url}/q/`), `the first code says ${address}`);
  const [token, key, signature] = address.split("/").pop().split(".");
  const answer = await fetch(`${world.url}/labels/keys`);
  assert.equal(answer.status, 200, "without signing in");
  const pem = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/.exec(await answer.text())[0];
  const good = (token) => verify(null, Buffer.from(`fuzhi-label:${token}`), createPublicKey(pem), Buffer.from(signature, "base64url"));
  assert.ok(good(token) && !good(`${token}x`));
  // The command says the same, from a file of keys and nothing else.
  writeFileSync(join(world.folder, "county.pem"), execFileSync(world.bin, ["labels", "keys", "--store", world.store], { env: world.env }));
  const said = execFileSync(world.bin, ["labels", "verify", address, "--key", join(world.folder, "county.pem")], { encoding: "utf8" });
  assert.match(said, new RegExp(`genuine: signed by ${key}`));
  await page.goto(address);
  await page.waitForURL(/\/households\//);
  await page.context().close();
});

test("without the companion, or without its font, the print view says what to install", async () => {
  mkdirSync(join(world.folder, "no-fonts"));
  for (const [options, words, en] of [
    [{ beside: false }, "没有装 fuzhi-print", "isn’t installed on this server"],
    [{ args: ["--fonts", join(world.folder, "no-fonts")] }, "没有中文字体", "has no Chinese font"],
  ]) {
    const poor = await fuzhi(options);
    try {
      for (const [language, sentence] of [["zh", words], ["en", en]]) {
        const page = await signedIn(chrome, poor.url, "village", { language, script: false });
        await page.goto("/cases?tab=open");
        await page.locator("tbody th a[href^='/cases/']").first().click();
        await page.locator("a[href*='/letters/']").first().click();
        await page.locator("article.letter h1").waitFor();
        const view = await page.locator("article.letter").textContent();
        await page.locator(".acts a[href$='/pdf']").click();
        await page.getByText(sentence).waitFor();
        assert.equal(await page.locator("article.letter").textContent(), view, "the print view stays");
        await page.context().close();
      }
      const page = await signedIn(chrome, poor.url, "village");
      await page.goto("/labels");
      await page.locator(".head form button").click();
      await page.locator(".acts a[href^='/labels/pdf']").click();
      await page.getByText(words).waitFor();
      await page.locator(".labels li").first().waitFor();
      await page.context().close();
      const doctor = execFileSync(poor.bin, ["doctor", "--store", poor.store, ...(options.args ?? [])], { env: poor.env, encoding: "utf8" });
      assert.match(doctor, /watch {2}printing[\s\S]*→ (put fuzhi-print|apt-get install fonts-noto-cjk)/);
    } finally {
      poor.close();
    }
  }
});
