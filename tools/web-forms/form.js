/* ODK Web Forms in a place of the page: the one file that knows Vue. */

import { createApp, h } from 'vue';
import { OdkWebForm, webFormsPlugin } from '@getodk/web-forms';

/* `submit(payload)` is called with what ODK Web Forms made of the answers, once they are valid. */
export function mount(place, { xml, attachment, submit }) {
    const app = createApp({
        render: () => h(OdkWebForm, { formXml: xml, fetchFormAttachment: attachment, missingResourceBehavior: 'BLANK', onSubmit: submit }),
    });
    app.use(webFormsPlugin);
    app.mount(place);
    return () => app.unmount();
}
