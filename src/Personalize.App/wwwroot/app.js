// Comforts only: every page works without this file.
function settle() {
  for (const button of document.querySelectorAll('[data-print]')) button.hidden = false;
  const notice = document.getElementById('notice');
  if (notice && !notice.dataset.seen) {
    notice.dataset.seen = 'yes';
    notice.focus();
  }
}

document.addEventListener('click', event => {
  if (event.target instanceof Element && event.target.closest('[data-print]')) window.print();
});
settle();
globalThis.Blazor?.addEventListener('enhancedload', settle);
