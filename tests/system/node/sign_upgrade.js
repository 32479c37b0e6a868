// What AWS's own SDK sends to open a WebSocket to an AgentCore Runtime: one JSON object on standard input,
// {credentials, region, runtimeArn, sessionId, endpointName, endpoint, instant (ISO 8601)}; its URL and fields on
// standard output. The instant is given, as the signature has it in it.
import { readFileSync } from 'node:fs'

const { instant, region, endpoint, credentials, ...connection } = JSON.parse(readFileSync(0, 'utf8'))

const { RuntimeClient } = await import('bedrock-agentcore/runtime')
const SystemDate = Date
globalThis.Date = class extends SystemDate {
  constructor(...args) {
    super(...(args.length ? args : [instant]))
  }
}
// It signs the host without a port, which a service on 443 has not; a test's has one.
const { host } = new URL(endpoint)
Object.defineProperty(URL.prototype, 'hostname', { get: () => host })

const client = new RuntimeClient({ region, credentialsProvider: async () => credentials })
const { url, headers } = await client.generateWsConnection(connection)
process.stdout.write(JSON.stringify({ url, headers }))
