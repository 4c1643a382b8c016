/* ODK Web Forms in a place of the page: the one file that knows Vue. */

import { createApp, h } from 'vue';
import { OdkWebForm, webFormsPlugin } from '@getodk/web-forms';

/* `submit(payload)` is called with what ODK Web Forms made of the answers, once they are valid;
 * `stands(answers)` when the form is drawn: `answers()` then gives what it makes of them at that moment. `begun`
 * is what it is to go on with: {xml, files: [File, …]}. */
export function mount(place, { xml, begun, attachment, stands, submit }) {
    const file = (name) => begun.files.find((one) => one.name === name);
    const editInstance = begun && {
        resolveInstance: () => begun.xml,
        attachmentFileNames: begun.files.map(({ name }) => name),
        resolveAttachment: async (name) => new Response(file(name), { headers: { 'content-type': file(name).type } }),
    };
    const onStands = (root) => stands(() => root.prepareInstancePayload({ payloadType: 'monolithic' }));
    const app = createApp({
        render: () => h(OdkWebForm, { formXml: xml, fetchFormAttachment: attachment, missingResourceBehavior: 'BLANK', editInstance, onStands, onSubmit: submit }),
    });
    app.use(webFormsPlugin);
    app.mount(place);
    return () => app.unmount();
}
