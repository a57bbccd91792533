// Pictures of every page at both widths, to be looked at: `node shots.js FOLDER`; the README's picture beside them.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DESK, PHONE, browser, signedIn, village } from "./browser.js";

const folder = process.argv[2] ?? "shots";
mkdirSync(folder, { recursive: true });
const { url, close } = await village();
const chrome = await browser();
try {
  for (const [width, viewport] of [["1440", DESK], ["360", PHONE]]) {
    for (const language of ["zh", "en"]) {
      const page = await signedIn(chrome, url, "township", { viewport, language, touch: width === "360" });
      const shoot = async (name, path) => {
        await page.goto(path);
        await page.screenshot({ path: join(folder, `${name}-${language}-${width}.png`), fullPage: true });
      };
      await page.goto("/findings");
      const finding = await page.locator("tbody th a").first().getAttribute("href");
      const household = await (await page.goto(finding), page.locator(".head a").first().getAttribute("href"));
      await page.goto("/pairs");
      const pair = await page.locator("tbody th a").first().getAttribute("href");
      const pages = {
        home: "/home", findings: "/findings", finding, household, households: "/households", sources: "/sources",
        source: "/sources/medical_insurance", rules: "/rules", rule: "/rules/medical-cost-over-line", runs: "/runs",
        run: "/runs/demo-run", pairs: "/pairs", pair, missing: "/findings/none", empty: "/findings?state=merge",
        places: "/places", account: "/account",
      };
      for (const [name, path] of Object.entries(pages)) await shoot(name, path);
      await page.context().clearCookies();
      await page.context().addCookies([{ name: "language", value: language, url }]);
      await shoot("signin", "/signin");
      await page.context().close();
    }
  }
} finally {
  await chrome.close();
  close();
}
