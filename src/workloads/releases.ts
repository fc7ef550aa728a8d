import type { WorkloadFile } from "../ir/compiled.ts";
import type { ReleaseObject, UnnamedPods } from "../ir/workload.ts";
import type { Path, SourceDocument } from "../source/place.ts";
import { findValue } from "../yaml/span.ts";
import { readObjectType } from "./object-type.ts";

/** Objects from which a chart's controller makes pods: `group/kind`, and the key of the namespace that it makes them in. */
const CHARTS: Readonly<Record<string, Path>> = {
  "helm.toolkit.fluxcd.io/HelmRelease": ["spec", "targetNamespace"],
  "argoproj.io/Application": ["spec", "destination", "namespace"],
  "helm.cattle.io/HelmChart": ["spec", "targetNamespace"],
};

/** Objects from which operators make pods, in the namespace of the object. */
const OPERATORS: ReadonlySet<string> = new Set([
  "acid.zalan.do/postgresql",
  "apm.k8s.elastic.co/ApmServer",
  "cassandra.datastax.com/CassandraDatacenter",
  "ceph.rook.io/CephCluster",
  "clickhouse.altinity.com/ClickHouseInstallation",
  "databases.spotahome.com/RedisFailover",
  "dragonflydb.io/Dragonfly",
  "elasticsearch.k8s.elastic.co/Elasticsearch",
  "grafana.integreatly.org/Grafana",
  "jaegertracing.io/Jaeger",
  "k8s.keycloak.org/Keycloak",
  "k8s.mariadb.com/MariaDB",
  "kafka.strimzi.io/Kafka",
  "kafka.strimzi.io/KafkaConnect",
  "kafka.strimzi.io/KafkaNodePool",
  "kibana.k8s.elastic.co/Kibana",
  "minio.min.io/Tenant",
  "monitoring.coreos.com/Alertmanager",
  "monitoring.coreos.com/Prometheus",
  "monitoring.coreos.com/ThanosRuler",
  "mysql.oracle.com/InnoDBCluster",
  "opentelemetry.io/OpenTelemetryCollector",
  "postgres-operator.crunchydata.com/PostgresCluster",
  "postgresql.cnpg.io/Cluster",
  "postgresql.cnpg.io/Pooler",
  "psmdb.percona.com/PerconaServerMongoDB",
  "pxc.percona.com/PerconaXtraDBCluster",
  "rabbitmq.com/RabbitmqCluster",
  "redis.redis.opstreelabs.in/Redis",
  "redis.redis.opstreelabs.in/RedisCluster",
  "scylla.scylladb.com/ScyllaCluster",
  "sparkoperator.k8s.io/SparkApplication",
  "tempo.grafana.com/TempoStack",
  "temporal.io/TemporalCluster",
  "vault.banzaicloud.com/Vault",
]);

/** An object from which a chart or an operator makes pods; undefined for any other, and for one without a namespace or a name. */
export function readRelease(
  doc: SourceDocument,
  path: Path,
  where: Pick<WorkloadFile, "namespace" | "placed">,
): ReleaseObject | undefined {
  const { kind, apiVersion } = readObjectType(doc, path);
  if (typeof kind !== "string" || typeof apiVersion !== "string") return undefined;
  const type = `${apiVersion.split("/")[0]}/${kind}`;
  const target = Object.hasOwn(CHARTS, type) ? CHARTS[type] : undefined;
  if (!target && !OPERATORS.has(type)) return undefined;
  const read = (...key: Path) => findValue(doc.value, [...path, ...key]);
  const [name, own] = [read("metadata", "name"), read("metadata", "namespace")];
  const namespace = where.placed ?? own ?? where.namespace;
  if (typeof name !== "string" || (kind === "Application" && !hasChart(read("spec")))) return undefined;
  const there = target && read(...target);
  const targetNamespace = typeof there === "string" && there !== "" ? there : namespace;
  if (typeof targetNamespace !== "string") return undefined;
  return {
    kind,
    apiVersion,
    name,
    namespace: typeof namespace === "string" ? namespace : targetNamespace,
    ownNamespace: own !== undefined,
    ...(typeof own === "string" && own !== namespace && { writtenNamespace: own }),
    targetNamespace,
    doc,
    path,
  };
}

/** Argo CD reads any folder; whether it is a chart is written only where it names one, or values for one. */
function hasChart(spec: unknown): boolean {
  const several = findValue(spec, ["sources"]);
  const sources = [findValue(spec, ["source"]), ...(Array.isArray(several) ? several : [])];
  return sources.some((one) => ["chart", "helm"].some((key) => findValue(one, [key]) !== undefined));
}

/** The pods of a release, as something that intents cannot name. */
export function listReleasePods(release: ReleaseObject): UnnamedPods {
  const { doc, path, kind, name, targetNamespace } = release;
  return { doc, path, kind, name, namespace: targetNamespace, named: true, release };
}
