/* Two questions that ODK Web Forms does not ask yet: when, to the minute, and a file that is no
 * picture. Both by what browsers have themselves. */

import { h } from 'vue';

const two = (n) => String(n).padStart(2, '0');

/* The offset of this browser's clock at that moment: "+05:00". */
function offsetAt(local) {
    const east = -new Date(local).getTimezoneOffset();
    return `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
}

/* The browser says "2026-11-22T18:15"; ODK XForms wants the offset of the place behind it. */
const written = (local) => (local ? `${local.slice(0, 16)}:00.000${offsetAt(local)}` : '');
const shown = (value) => String(value ?? '').slice(0, 16);

export const TimeOfForm = {
    props: ['node'],
    render() {
        const { nodeId: id, currentState: state } = this.node;
        return h('input', {
            id, type: 'datetime-local', class: 'p-inputtext p-component', required: state.required, disabled: state.readonly,
            value: shown(state.value), onChange: ({ target }) => this.node.setValue(written(target.value)),
        });
    },
};

export const FileOfForm = {
    props: ['question', 'text'],
    render() {
        const { nodeId: id, currentState: state, nodeOptions } = this.question;
        return [
            h(this.text, { question: this.question }),
            h('input', {
                id, type: 'file', class: 'file-of-form', accept: nodeOptions.media.accept, disabled: state.readonly,
                onChange: ({ target }) => this.question.setValue(target.files[0] ?? null),
            }),
        ];
    },
};
