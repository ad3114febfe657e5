// Goes on to the vendor's page without a click; the button is for who comes back with the browser's back button.
const isComingBack = performance.getEntriesByType('navigation')[0]?.type === 'back_forward';
if (!isComingBack) document.getElementById('vendor').requestSubmit();
