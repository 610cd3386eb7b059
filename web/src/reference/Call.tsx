import { fields, type Document, type Operation } from "./document";
import { Text } from "./Text";
import { TryCall } from "./TryCall";

/** One call: closed, its name and what it does; open, everything about it. */
export function Call({ document, operation, secret }: { document: Document; operation: Operation; secret: string }) {
  const { method, path, summary, scope, parameters, body, form, answers } = operation;
  return (
    <details className="call" id={operation.id}>
      <summary>
        <code className="call-name"><span className={`call-method call-${method.toLowerCase()}`}>{method}</span> {path}</code>
        <span><Text>{summary}</Text></span>
      </summary>
      <div className="call-open">
        {scope !== null && <p>A key needs the scope <code>{scope}</code>.</p>}
        {parameters.length > 0 && (
          <Table title="Parameters" rows={parameters.map((one) => ({
            name: one.name, kind: `${one.in}${one.required ? ", required" : ""}`, means: one.description ?? "", limits: one.schema.pattern ?? one.schema.enum?.join(", ") ?? "",
          }))} />
        )}
        {body !== null && (
          <Table title="Body" rows={fields(document, body.schema).map((one) => ({ ...one, kind: `${one.kind}${one.required ? ", required" : ""}` }))} />
        )}
        {form && <p>With a key also as <code>multipart/form-data</code>: the photo in <code>file</code>, the options as JSON in <code>options</code>.</p>}
        <h4>Answers</h4>
        <ul className="call-answers">
          {answers.map((one) => (
            <li key={one.status}>
              <strong>{one.status}</strong>{" "}
              {one.problems.length === 0 ? one.means : one.problems.map((problem) => (
                <span key={problem.type} className="call-problem"><a href={`#${problem.type.slice(1)}`}><code>{problem.type}</code></a> {problem.title}.</span>
              ))}
              {one.example !== null && <pre tabIndex={0} aria-label={`Example of ${one.status}`}>{one.example}</pre>}
            </li>
          ))}
        </ul>
        <TryCall operation={operation} secret={secret} />
      </div>
    </details>
  );
}

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly limits: string;
  readonly means: string;
}

function Table({ title, rows }: { title: string; rows: readonly Row[] }) {
  return (
    <div className="call-table" tabIndex={0} role="group" aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Limits</th><th scope="col">Meaning</th></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}><th scope="row"><code>{row.name}</code></th><td>{row.kind}</td><td>{row.limits}</td><td><Text>{row.means}</Text></td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
