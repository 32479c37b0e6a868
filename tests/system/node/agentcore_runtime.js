// AWS's own runtime SDK serving /ws and /invocations on a free loopback port: two chunks, then an answer. Over HTTP it
// streams where the prompt asks for a stream, and breaks where that asks for it.
// Prints "listening on PORT"; ends when its standard input does.
import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime'
import { Writable } from 'node:stream'

const announce = new Writable({
  write(line, _encoding, done) {
    const port = /"msg":"Server listening at http:\/\/127\.0\.0\.1:(\d+)"/.exec(line.toString())
    if (port) process.stdout.write(`listening on ${port[1]}\n`)
    done()
  },
})

const chunk = (status, partial_result) => ({ agent: 'crew_compliance', status, partial_result })
const answer = (payload, context) => ({
  assessment: { payload, session_of_header: context.sessionId },
  final_decision: 'approved',
})

async function* stream(payload, context) {
  yield chunk('analyzing', {})
  if (payload.prompt.includes('break')) throw new Error('the agent has a bug')
  yield chunk('approved', { confidence: 1 })
  yield answer(payload, context)
}

async function handle(payload, context) {
  if (payload.prompt.includes('fail')) throw new Error('the agent has a bug')
  return payload.prompt.includes('stream') ? stream(payload, context) : answer(payload, context)
}

const app = new BedrockAgentCoreApp({
  invocationHandler: { process: handle },
  websocketHandler: async (socket, context) => {
    socket.on('message', (data) => {
      const { action, payload } = JSON.parse(data.toString())
      const send = (message) => socket.send(JSON.stringify(message))
      send({ type: 'chunk', data: { agent: 'crew_compliance', status: 'analyzing', partial_result: {} } })
      const partial_result = { confidence: 1 }
      send({ type: 'chunk', data: { agent: 'crew_compliance', status: 'approved', partial_result } })
      send({
        type: 'complete',
        data: {
          assessment: { action, payload, session_of_header: context.sessionId },
          final_decision: 'approved',
        },
      })
    })
  },
  config: { logging: { enabled: true, options: { level: 'info', stream: announce } } },
})
app.run({ port: 0, host: '127.0.0.1' })
process.stdin.resume().on('end', () => process.exit(0))
