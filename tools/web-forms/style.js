/*
 * In the place of a style element: what is written into it becomes a style sheet that the document
 * adopts. A policy without 'unsafe-inline' refuses the element, and allows this.
 */

export class StyleOfForm extends HTMLElement {
    #sheet = new CSSStyleSheet();
    #watch = new MutationObserver(() => this.#read());

    connectedCallback() {
        this.hidden = true;
        this.#read();
        this.#watch.observe(this, { childList: true, characterData: true, subtree: true });
        const first = this.previousElementSibling === null;
        const held = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
        document.adoptedStyleSheets = first ? [this.#sheet, ...held] : [...held, this.#sheet];
    }

    disconnectedCallback() {
        this.#watch.disconnect();
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
    }

    #read() {
        this.#sheet.replaceSync(this.textContent);
    }
}

customElements.define('form-style', StyleOfForm);
