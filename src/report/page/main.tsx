import { render } from 'preact';
import type { ReportData } from '../report-data.ts';
import { ReportPage } from './report-page.tsx';
import '../../annotate/page/theme.css';
import './report.css';

const report: ReportData = JSON.parse(document.getElementById('report-data')!.textContent!);
render(<ReportPage report={report} />, document.getElementById('report')!);
// The browser looked for the section of the address before it was rendered.
if (location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView();
