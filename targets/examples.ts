import { consulCatalog } from './lib/consul-catalog.ts';
import { dnsSrv } from './lib/dns-srv.ts';
import { fileSd } from './lib/file-sd.ts';
import { httpSd } from './lib/http-sd.ts';

// One line a job: the name of the export is the name of the job in config.yaml.

export const from_http_sd = httpSd(process.env['HTTP_SD_URL'] ?? 'http://127.0.0.1:8080/targets');

export const from_dns_srv = dnsSrv('_node-exporter._tcp.example.org');

export const from_consul_catalog = consulCatalog('node-exporter', { url: 'http://127.0.0.1:8500' });

export const from_file = fileSd('../hosts.yaml');
