// An app that used react-calendly: only the import was changed, and the proxy's address configured once.
import { Component, StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { configure, InlineWidget, PopupButton, PopupModal, PopupWidget, useCalendlyEventListener } from 'slotwire/react-calendly';

configure({ origin: 'https://slots.example.com' });

const url = 'https://calendly.com/acme/30min';
const rootElement = document.getElementById('root');
window.appEvents = [];

const Basic = (props) => <InlineWidget url={url} {...props} />;

const Everything = (props) => (
  <InlineWidget
    url={`${url}?month=2026-01`}
    styles={{ height: '1000px' }}
    pageSettings={{
      backgroundColor: 'fffdf5', hideEventTypeDetails: true, hideLandingPageDetails: false, primaryColor: 'b4236a', textColor: '333333',
    }}
    prefill={{
      email: 'jon@example.com', firstName: 'Jon', lastName: 'Snow', name: 'Jon Snow', guests: ['jane@example.com', 'john@example.com'],
      customAnswers: { a1: 'One', a2: 'Two' }, date: new Date(Date.now() + 86400000),
    }}
    utm={{ utmCampaign: 'Spring Sale', utmContent: 'Shoes', utmMedium: 'Ad', utmSource: 'Mail', utmTerm: 'Spring' }}
    {...props}
  />
);

const Button = (props) => <PopupButton url={url} rootElement={rootElement} text="Click here to schedule!" className="cta" {...props} />;

const Badge = (props) => (
  <PopupWidget url={url} rootElement={rootElement} text="Click here to schedule!" textColor="#ffffff" color="#0069ff" {...props} />
);

function Listening() {
  const record = (name) => (event) => window.appEvents.push([name, event.data.payload]);
  useCalendlyEventListener({
    onProfilePageViewed: record('onProfilePageViewed'),
    onDateAndTimeSelected: record('onDateAndTimeSelected'),
    onEventTypeViewed: record('onEventTypeViewed'),
    onEventScheduled: record('onEventScheduled'),
    onPageHeightResize: record('onPageHeightResize'),
  });
  return <InlineWidget url={url} />;
}

class OwnButton extends Component {
  state = { isOpen: false };

  render() {
    return (
      <div>
        <button type="button" onClick={() => this.setState({ isOpen: true })}>Own button</button>
        <PopupModal
          url={url}
          pageSettings={this.props.pageSettings}
          utm={this.props.utm}
          prefill={this.props.prefill}
          onModalClose={() => {
            window.appEvents.push(['closed']);
            this.setState({ isOpen: false });
          }}
          open={this.state.isOpen}
          rootElement={rootElement}
        />
      </div>
    );
  }
}

const examples = { Basic, Everything, Button, Badge, Listening, OwnButton };

function App() {
  const [{ name, ...props }, change] = useState({ name: location.hash.slice(1) });
  useEffect(() => {
    window.change = (next) => change((before) => ({ ...before, ...next }));
  }, []);
  const Example = examples[name];
  return <StrictMode><main>{Example && <Example {...props} />}</main></StrictMode>;
}

createRoot(rootElement).render(<App />);
