// DynamoDB's API in memory, by somebody else: on the port that is named, or a free one; says it on one line, and ends
// with its standard input.
import dynalite from 'dynalite'

const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('end', () => process.exit(0)).resume()
