// Follows an event stream in Chromium, from a page of another origin; prints the events as one line of JSON.
// Usage: node follow_in_browser.js event-source EVENTS_URL
//        node follow_in_browser.js fetch-event-source INVOKE_URL PROMPT KEY
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const LIBRARY = new URL('./node_modules/@microsoft/fetch-event-source/lib/esm/', import.meta.url)
const PATIENCE_MS = 60_000

/// Runs in the page. It is over when the gateway says that there is nothing more, which the browser asks for itself.
function eventSource([url]) {
  return new Promise((resolve, reject) => {
    const events = []
    const source = new EventSource(url)
    source.onmessage = ({ data, lastEventId }) => {
      const event = JSON.parse(data)
      if (lastEventId !== String(event.seq)) reject(new Error(`event ${event.seq} has the id ${lastEventId}`))
      events.push(event)
    }
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) resolve(events)
    }
  })
}

/// Runs in the page. The library comes again by itself, with the id that it has seen last.
async function fetchEventSource([url, prompt, key]) {
  const library = await import('/library/index')
  const events = []
  await library.fetchEventSource(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify({ prompt, streaming: true }),
    openWhenHidden: true,
    onmessage: ({ data }) => data && events.push(JSON.parse(data)),
  })
  return events
}

/// The page, and the library's modules beside it, which name each other without an extension.
async function serve(request, response) {
  const module = request.url.match(/^\/library\/(\w+)(\.js)?$/)
  if (module) {
    response.setHeader('Content-Type', 'text/javascript').end(await readFile(new URL(`${module[1]}.js`, LIBRARY)))
  } else {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>page</title>')
  }
}

const [client, ...rest] = process.argv.slice(2)
const server = createServer(serve)
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'], timeout: PATIENCE_MS })
try {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${server.address().port}/`)
  const following = page.evaluate(client === 'event-source' ? eventSource : fetchEventSource, rest)
  const patience = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS, new Error('it never ends')).unref())
  process.stdout.write(JSON.stringify(await Promise.race([following, patience])) + '\n')
} finally {
  await browser.close()
  server.close()
}
