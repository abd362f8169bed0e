import { render } from 'preact';
import '../../pages/theme.css';

render(<main>winnow</main>, document.body);
