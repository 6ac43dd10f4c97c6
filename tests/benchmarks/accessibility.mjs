// axe-core over pages in headless Chromium: see accessibility.py. Run it in the folder with node_modules.
// CHROMIUM names the browser where it is not /usr/bin/chromium.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const here = createRequire(resolve('package.json'));
const { default: puppeteer } = await import(pathToFileURL(here.resolve('puppeteer-core')).href);
const axe = readFileSync(here.resolve('axe-core/axe.min.js'), 'utf8');
const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'], protocolTimeout: 600_000,
});
let broken = 0;
for (const file of process.argv.slice(2)) {
  for (const scheme of ['light', 'dark']) {
    for (const width of [1100, 320]) {
      const page = await browser.newPage();
      await page.setBypassCSP(true); // the page's own policy refuses axe, as it should
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.goto(pathToFileURL(resolve(file)).href);
      await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
      await page.evaluate(axe);
      const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } }), values);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      console.log(file, scheme, width, `${found.violations.length} violations`, wide > width ? `scrolls to ${wide}` : '');
      for (const one of found.violations) console.log('  ', one.id, one.help, one.nodes[0].html.slice(0, 160));
      broken += found.violations.length + (wide > width ? 1 : 0);
      await page.close();
    }
  }
}
await browser.close();
process.exitCode = broken ? 1 : 0;
