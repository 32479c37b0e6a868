// What a client writes that cannot use an EventSource, as it has to POST: fetch, eventsource-parser, an Idempotency-Key,
// and the same request again with Last-Event-ID when the connection breaks. Prints the events as one line of JSON.
// Usage: node resume_post.js GATEWAY_URL PROMPT KEY
import { EventSourceParserStream } from 'eventsource-parser/stream'

const [url, prompt, key] = process.argv.slice(2)
const signal = AbortSignal.timeout(60_000)
const headers = { 'Content-Type': 'application/json', Accept: 'text/event-stream', 'Idempotency-Key': key }
const body = JSON.stringify({ prompt })
const events = []

async function read() {
  const response = await fetch(`${url}/api/v1/invoke`, { method: 'POST', headers, body, signal })
  if (response.status !== 200) throw new Error(`status ${response.status}`)
  const stream = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  for await (const { id, data } of stream) {
    events.push(JSON.parse(data))
    headers['Last-Event-ID'] = id
  }
}

while (!['complete', 'error'].includes(events.at(-1)?.type)) {
  try {
    await read()
  } catch (failure) {
    // The connection was cut: fetch says so of the answer's head and of its body alike.
    if (!(failure instanceof TypeError)) throw failure
  }
}
process.stdout.write(JSON.stringify(events) + '\n')
