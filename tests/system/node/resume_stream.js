// Follows one event stream with an EventSource, which comes again by itself when its connection breaks; prints the
// events as one line of JSON.
// Usage: node resume_stream.js EVENTS_URL
import { EventSource } from 'eventsource'

const source = new EventSource(process.argv[2])
const events = []
const patience = setTimeout(() => process.exit(1), 60_000)
source.onmessage = (message) => {
  const event = JSON.parse(message.data)
  if (message.lastEventId !== String(event.seq)) throw new Error(`event ${event.seq} has the id ${message.lastEventId}`)
  events.push(event)
  if (event.type !== 'complete' && event.type !== 'error') return
  source.close()
  clearTimeout(patience)
  process.stdout.write(JSON.stringify(events) + '\n')
}
