// Reads one event stream with Node's fetch and eventsource-parser; prints what came as one line of JSON.
// Usage: node read_stream.js GATEWAY_URL PROMPT
import { EventSourceParserStream } from 'eventsource-parser/stream'

const [url, prompt] = process.argv.slice(2)
const response = await fetch(`${url}/api/v1/invoke`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
  body: JSON.stringify({ prompt }),
  signal: AbortSignal.timeout(20_000),
})
const comments = []
const events = []
const onComment = (comment) => comments.push(comment)
const parser = new EventSourceParserStream({ onComment, onError: 'terminate' })
for await (const event of response.body.pipeThrough(new TextDecoderStream()).pipeThrough(parser)) {
  events.push({ ...event, data: JSON.parse(event.data) })
}
const headers = Object.fromEntries(response.headers)
process.stdout.write(JSON.stringify({ status: response.status, headers, comments, events }) + '\n')
