// AWS's own runtime SDK serving /ws on a free loopback port: two chunks, then an answer.
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

const app = new BedrockAgentCoreApp({
  invocationHandler: { process: async () => 'this test speaks WebSocket' },
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
