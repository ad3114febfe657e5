// What a merchant's page knows of https://checkout.razorpay.com/v1/checkout.js: `new Razorpay(options)`, `on`, `open`, `close`.
(() => {
  const origin = new URL(document.currentScript.src).origin;

  /** Styles are set one by one, which a strict content security policy of the merchant's page allows. */
  function element(tag, style, parent) {
    const node = document.createElement(tag);
    Object.assign(node.style, style);
    parent.append(node);
    return node;
  }

  class Razorpay {
    constructor(options) {
      if (!options?.key || !options.order_id) throw new Error('Razorpay needs key and order_id');
      this.options = options;
      this.listeners = {};
      this.overlay = null;
      this.onMessage = (event) => this.receive(event);
    }

    on(event, listener) {
      this.listeners[event] = listener;
    }

    open() {
      if (this.overlay) return;
      const backdrop = {
        position: 'fixed',
        inset: '0',
        zIndex: '2147483647',
        background: 'rgb(8 14 26 / 62%)',
      };
      this.overlay = element('div', { ...backdrop, display: 'grid', placeItems: 'center' }, document.body);
      this.overlay.setAttribute('role', 'dialog');
      this.overlay.setAttribute('aria-label', 'Razorpay checkout');
      const size = { width: 'min(30rem, calc(100vw - 1.5rem))', height: 'min(46rem, calc(100dvh - 1.5rem))' };
      const frame = { width: '100%', height: '100%', border: '0', borderRadius: '14px', background: '#fff' };
      const panel = element('div', { ...size, position: 'relative' }, this.overlay);
      const page = element('iframe', frame, panel);
      page.title = 'Razorpay checkout';
      page.src = `${origin}/razorpay/checkout/${encodeURIComponent(this.options.order_id)}?framed=1`;
      this.addCloseButton(panel);
      this.frame = page;
      window.addEventListener('message', this.onMessage);
    }

    close() {
      window.removeEventListener('message', this.onMessage);
      this.overlay?.remove();
      this.overlay = null;
    }

    addCloseButton(panel) {
      const look = { position: 'absolute', top: '-0.6rem', right: '-0.6rem', width: '2rem', height: '2rem' };
      const paint = {
        border: '0',
        borderRadius: '50%',
        background: '#16202e',
        color: '#fff',
        cursor: 'pointer',
      };
      const button = element('button', { ...look, ...paint, font: '600 1rem/1 system-ui' }, panel);
      button.type = 'button';
      button.textContent = '×';
      button.setAttribute('aria-label', 'Close');
      button.addEventListener('click', () => {
        this.close();
        this.options.modal?.ondismiss?.();
      });
    }

    receive(event) {
      if (event.origin !== origin || event.source !== this.frame.contentWindow) return;
      const { type, response } = event.data;
      if (type === 'failed') this.listeners['payment.failed']?.(response);
      if (type !== 'success') return;
      this.close();
      this.options.handler?.(response);
    }
  }

  window.Razorpay = Razorpay;
})();
