export interface PrometheusConfigOptions {
  /** How it names itself to targets. */
  readonly name: string;
  readonly file: string;
  readonly intervalMs: number;
}

/** The prometheus.yml of one collector: it scrapes what the controller writes into its file. */
export function prometheusConfig({ name, file, intervalMs }: PrometheusConfigOptions): string {
  return `global:
  scrape_interval: ${intervalMs}ms
  scrape_timeout: ${intervalMs}ms
  external_labels:
    collector: ${JSON.stringify(name)}
scrape_configs:
  - job_name: demo
    file_sd_configs:
      - files: [${JSON.stringify(file)}]
    params:                       # so that the demo's targets can tell who scrapes them
      collector: [${JSON.stringify(name)}]
`;
}
