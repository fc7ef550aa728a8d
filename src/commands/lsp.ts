import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  CompletionItemKind,
  type Connection,
  createConnection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  type Location,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { listCompletions } from "../lsp/completion.ts";
import { toLspDiagnostic, toLspRange, toQuickFix } from "../lsp/convert.ts";
import { describeAt } from "../lsp/hover.ts";
import type { Occurrence } from "../lsp/names.ts";
import { findDefinitions, findReferences } from "../lsp/navigate.ts";
import { loadProjectState, type ProjectState } from "../lsp/project-state.ts";
import { findFile } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { PROJECT_FILE } from "../stages/1-load.ts";
import { findSpan } from "../yaml/span.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";

/** A project is compiled when nobody has typed for so long, and for larger ones for as long as compiling takes. */
const SETTLES_MS = 200;
const SETTLES_MAX_MS = 2000;

interface Session {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly states: Map<string, ProjectState>;
  /** Files with findings on the screen, by project. */
  readonly shown: Map<string, ReadonlySet<string>>;
  readonly waiting: Map<string, NodeJS.Timeout>;
  readonly took: Map<string, number>;
  now(): number;
}

/** A language server on standard input and output, until the editor ends it. */
export function runLanguageServer(common: CommonOptions, io: Io): Promise<ExitCode> {
  const { streams } = io;
  if (!streams) throw new Error("a language server needs streams");
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(streams.input),
    new StreamMessageWriter(streams.output),
  );
  const session: Session = {
    connection,
    documents: new TextDocuments(TextDocument),
    states: new Map(),
    shown: new Map(),
    waiting: new Map(),
    took: new Map(),
    now: io.now,
  };
  registerHandlers(session, common.version);
  followFiles(session);
  session.documents.listen(connection);
  connection.listen();
  return new Promise(() => {});
}

function registerHandlers(session: Session, version: string): void {
  const { connection } = session;
  let canWatch = false;
  connection.onInitialize((params: InitializeParams): InitializeResult => {
    canWatch = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    for (const folder of params.workspaceFolders ?? []) openFolder(session, folder.uri);
    return {
      serverInfo: { name: "plumbline", version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        hoverProvider: true,
        completionProvider: { triggerCharacters: [":", " ", "-", "[", "{", "/"] },
        definitionProvider: true,
        referencesProvider: true,
        codeActionProvider: { codeActionKinds: ["quickfix"] },
      },
    };
  });
  connection.onInitialized(() => {
    if (!canWatch) return;
    const watchers = ["**/*.yaml", "**/*.yml"].map((globPattern) => ({ globPattern }));
    void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  });
  connection.onHover((at) => {
    const here = placeAt(session, at);
    const hover = here && describeAt(here.state, here.file, here.offset);
    if (!hover) return null;
    const { text, start, end } = hover;
    return { contents: { kind: "markdown", value: text }, range: toLspRange({ file: here.file, start, end }) };
  });
  connection.onCompletion((at) => {
    const here = placeAt(session, at);
    if (!here) return [];
    const { items, start, end } = listCompletions(here.state, here.file, here.offset);
    const range = toLspRange({ file: here.file, start, end });
    return items.map(({ label, kind, about, insert }) => ({
      label,
      kind: kinds[kind],
      ...(about !== "" && { documentation: { kind: "markdown" as const, value: about } }),
      textEdit: { range, newText: insert },
    }));
  });
  connection.onDefinition((at) => {
    const here = placeAt(session, at);
    return here ? findDefinitions(here.state, here.file, here.offset).map((one) => locationOf(here.state, one)) : [];
  });
  connection.onReferences((at) => {
    const here = placeAt(session, at);
    const { includeDeclaration } = at.context;
    return here
      ? findReferences(here.state, here.file, here.offset, includeDeclaration).map((one) => locationOf(here.state, one))
      : [];
  });
  connection.onCodeAction(({ textDocument, range }) => {
    const here = fileAt(session, textDocument.uri);
    if (!here) return [];
    const { state, file } = here;
    const touches = ({ start, end }: typeof range) => start.line <= range.end.line && end.line >= range.start.line;
    return state.findings
      .filter(({ place }) => place && findFile(place).path === file.path && touches(toLspRange(findSpan(place))))
      .flatMap((one) => toQuickFix(one, uriIn(state.root)) ?? []);
  });
}

const kinds = {
  key: CompletionItemKind.Property,
  word: CompletionItemKind.EnumMember,
  name: CompletionItemKind.Reference,
} as const;

/** Whatever changes in a project, all of it is read again: a name in one file is right or wrong by another one. */
function followFiles(session: Session): void {
  const { connection, documents } = session;
  documents.onDidOpen(({ document }) => scheduleRefresh(session, document.uri));
  documents.onDidChangeContent(({ document }) => scheduleRefresh(session, document.uri));
  documents.onDidSave(({ document }) => scheduleRefresh(session, document.uri));
  documents.onDidClose(({ document }) => scheduleRefresh(session, document.uri));
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) scheduleRefresh(session, uri);
  });
}

function openFolder(session: Session, uri: string): void {
  if (uri.startsWith("file:")) scheduleRefresh(session, pathToFileURL(join(fileURLToPath(uri), PROJECT_FILE)).href);
}

function scheduleRefresh(session: Session, uri: string): void {
  const root = rootOf(uri);
  if (root === undefined) return;
  clearTimeout(session.waiting.get(root));
  const wait = Math.min(SETTLES_MAX_MS, Math.max(SETTLES_MS, session.took.get(root) ?? 0));
  session.waiting.set(
    root,
    setTimeout(() => show(session, stateOf(session, root, true)), wait),
  );
}

/** The folder of the nearest plumbline.yaml above a file. */
function rootOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  for (let folder = dirname(fileURLToPath(uri)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, PROJECT_FILE))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function stateOf(session: Session, root: string, again = false): ProjectState {
  const before = session.states.get(root);
  if (before && !again) return before;
  const started = session.now();
  const unsaved = new Map(
    session.documents.all().flatMap((document) => {
      const path = pathIn(root, document.uri);
      return path === undefined ? [] : [[path, document.getText()] as const];
    }),
  );
  const state = loadProjectState(root, unsaved, before);
  session.took.set(root, session.now() - started);
  session.states.set(root, state);
  return state;
}

function pathIn(root: string, uri: string): string | undefined {
  const base = `${pathToFileURL(root).href}/`;
  const whole = uri.startsWith("file:") ? pathToFileURL(fileURLToPath(uri)).href : "";
  return whole.startsWith(base) ? decodeURIComponent(whole.slice(base.length)) : undefined;
}

function uriIn(root: string): (path: string) => string {
  return (path) => pathToFileURL(join(root, path)).href;
}

/** Findings of every file; a file that has none any more is told so. What stands nowhere is shown in plumbline.yaml. */
function show(session: Session, state: ProjectState): void {
  const uriOf = uriIn(state.root);
  const byFile = new Map<string, ReturnType<typeof toLspDiagnostic>[]>();
  for (const path of session.shown.get(state.root) ?? []) byFile.set(path, []);
  for (const finding of state.findings) {
    const path = finding.place ? findFile(finding.place).path : PROJECT_FILE;
    const list = byFile.get(path) ?? [];
    list.push(toLspDiagnostic(finding, uriOf));
    byFile.set(path, list);
  }
  for (const [path, diagnostics] of byFile) void session.connection.sendDiagnostics({ uri: uriOf(path), diagnostics });
  session.shown.set(state.root, new Set([...byFile].filter(([, list]) => list.length > 0).map(([path]) => path)));
}

interface Here {
  readonly state: ProjectState;
  readonly file: SourceFile;
}

/** A file as it is on the screen, with the project around it. */
function fileAt(session: Session, uri: string): Here | undefined {
  const root = rootOf(uri);
  const document = session.documents.get(uri);
  const path = root === undefined ? undefined : pathIn(root, uri);
  if (root === undefined || path === undefined || !document) return undefined;
  const state = stateOf(session, root);
  const known = state.files.get(path);
  const text = document.getText();
  return { state, file: known?.text === text ? known : { path, text } };
}

function placeAt(session: Session, at: TextDocumentPositionParams): (Here & { readonly offset: number }) | undefined {
  const here = fileAt(session, at.textDocument.uri);
  const offset = session.documents.get(at.textDocument.uri)?.offsetAt(at.position);
  return here && offset !== undefined ? { ...here, offset } : undefined;
}

function locationOf({ root }: ProjectState, { file, start, end }: Occurrence): Location {
  return { uri: uriIn(root)(file.path), range: toLspRange({ file, start, end }) };
}
