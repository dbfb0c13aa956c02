// The borders of the house (ARCHITECTURE.md): each rule says where to go instead. Run by tools/check-borders.ts.
import { order } from './areas/order.ts'

const testing = '(^|/)testing\\.ts$'
const test = '(\\.(test|e2e)\\.tsx?|(^|/)testing\\.ts)$'
// Pure parts of core: no connection, no clock of the machine; safe for rules, contracts and the page.
const pureCore = [
  '^core/operation/operation\\.ts$',
  '^core/access/(label|marking|scheme|grading)\\.ts$',
  '^core/channels/channel\\.ts$',
  '^core/(errors|id|clock)\\.ts$',
  '^core/record/late\\.ts$',
  '^core/xml/',
]
const contract = '(^|/)contract\\.ts$'
const rules = ['(^|/)rules\\.ts$', '/rules/[^/]+\\.ts$']
const store = ['(^|/)store\\.ts$', '/store/[^/]+\\.ts$']
const holdsAPen = [...store, '(^|/)(actions|checks|facade|jobs|reactions)\\.ts$', '/actions/[^/]+\\.ts$']

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const upstream = order
  .slice(0, -1)
  .map((area, i) =>
    rule(
      `order-${area}`,
      `${area} stands below: emit an event, and let the higher area react (areas/order.ts)`,
      { path: `^areas/${area}/` },
      { path: order.slice(i + 1).map((higher) => `^areas/${higher}/`) },
    ),
  )

export default {
  forbidden: [
    rule('no-cycles', 'break the ring: move what both need below both', {}, { circular: true }),
    rule('every-import-resolves', 'the file is not there', {}, { couldNotResolve: true }),
    ...upstream,
    rule(
      'other-area-only-by-its-two-doors',
      'import its contract.ts or its facade.ts',
      { path: '^areas/([^/]+)/', pathNot: test },
      { path: '^areas/', pathNot: ['^areas/$1/', '^areas/[^/]+/(contract|facade)\\.ts$', '^areas/order\\.ts$'] },
    ),
    rule(
      'core-knows-no-area',
      'core offers a registry; the area fills it in its manifest',
      { path: '^core/' },
      { path: '^(areas|apps|demo)/' },
    ),
    rule(
      'pure-core-is-pure',
      'what rules and pages import stands on nothing',
      { path: pureCore, pathNot: test },
      { path: '^core/', pathNot: pureCore },
    ),
    rule('areas-know-no-app', 'apps wire areas, not the reverse', { path: '^areas/', pathNot: test }, { path: '^(apps|demo)/' }),
    rule(
      'apps-use-only-manifests',
      'reach an area through its area.ts (server, cli) or pages.ts (web)',
      { path: '^apps/', pathNot: test },
      { path: '^areas/', pathNot: ['^areas/[^/]+/(area|pages)\\.ts$', '^areas/order\\.ts$', '/words/[^/]+\\.json$'] },
    ),
    rule(
      'demo-uses-only-doors',
      'the demo comes in as anybody does',
      { path: '^demo/', pathNot: test },
      { path: '^areas/', pathNot: ['^areas/[^/]+/(area|contract|facade)\\.ts$', '^areas/order\\.ts$'] },
    ),
    rule(
      'contract-is-pure',
      'a contract holds words only',
      { path: `^areas/.*${contract}|^areas/[^/]+/contract\\.ts$` },
      { path: '^(core|areas|apps|demo)/', pathNot: [contract, ...pureCore] },
    ),
    rule(
      'rules-are-pure',
      'rules decide; pass what they need as arguments',
      { path: ['^areas/.*/rules\\.ts$', '^areas/.*/rules/[^/]+\\.ts$'], pathNot: test },
      { path: '^(core|areas|apps|demo)/', pathNot: [contract, ...rules, ...pureCore] },
    ),
    rule(
      'no-node-in-the-page',
      'contracts and pages also run in a browser',
      { path: [`^areas/.*contract\\.ts$`, '^areas/.*\\.tsx$', '^core/web/', '^areas/[^/]+/pages\\.ts$'], pathNot: test },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'no-node-in-rules',
      'rules are pure; only hashing may come from node',
      { path: ['^areas/.*/rules\\.ts$', '^areas/.*/rules/[^/]+\\.ts$'], pathNot: test },
      { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    ),
    rule(
      'only-store-touches-db',
      'SQL lives in store.ts; actions take Tx from core/operation',
      { path: '^areas/', pathNot: [...store, test] },
      { path: '^core/db/' },
    ),
    rule(
      'store-is-called-by-actions-only',
      'call it from actions, checks, facade, jobs or reactions',
      { path: '^areas/', pathNot: [...holdsAPen, test] },
      { path: store },
    ),
    rule(
      'page-sees-contract-and-rules-only',
      'a page talks through the contract',
      { path: '^areas/.*\\.tsx$', pathNot: test },
      {
        path: '^(areas|core|apps|demo)/',
        pathNot: [contract, ...rules, '\\.(tsx|css)$', '^core/web/', '/words/[^/]+\\.json$', ...pureCore],
      },
    ),
    rule(
      'server-never-loads-a-page',
      'the server runs without a build, so it cannot read .tsx',
      {
        path: ['^areas/.*\\.ts$', '^core/', '^apps/(server|cli)/'],
        pathNot: [test, '^(areas|core)/[^/]+/pages\\.ts$', '^core/.*\\.tsx$', '^core/web/'],
      },
      { path: ['\\.tsx$', '/pages\\.ts$', '^core/web/'] },
    ),
    rule(
      'tests-are-not-imported',
      'move what both need into a module',
      { pathNot: [test, '^tests/'] },
      { path: ['\\.(test|e2e)\\.tsx?$', '^tests/'] },
    ),
    rule('testing-is-for-tests', 'running code has no use for it', { pathNot: [test, '^(tests|bench|tools)/'] }, { path: testing }),
    rule(
      'running-code-needs-no-development-package',
      'move the package to dependencies',
      { path: '^(core|areas|apps|demo)/', pathNot: [test, '(^|/)testing\\.ts$', '^apps/web/vite\\.config\\.ts$'] },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^dist'] },
    exclude: { path: ['^dist/'] },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types', 'default'],
    },
  },
}
