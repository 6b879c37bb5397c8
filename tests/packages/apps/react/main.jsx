import { createRoot, hydrateRoot } from 'react-dom/client';
import { App } from './app.jsx';

window.appEvents = [];
const root = document.getElementById('root');
if (root.firstElementChild) hydrateRoot(root, <App />, { onRecoverableError: (error) => console.error(`recovered: ${error}`) });
else createRoot(root).render(<App />);
