// <SlotPicker> for Vue 3 and Nuxt: renders the element's attributes on the server and in the browser, and emits its events as Vue
// events.
import { defineComponent, h, onMounted, ref, watch } from 'vue';
import { attributesFrom, eventFrom, tellFailure } from './attributes.js';
import { load } from './load.js';

export { configure, load } from './load.js';

export const SlotPicker = defineComponent({
  name: 'SlotPicker',
  inheritAttrs: false,
  props: ['origin'],
  setup(props, { attrs, slots, expose }) {
    const element = ref();
    expose({ element });
    onMounted(() => watch(() => props.origin, (origin) => load(origin).catch(tellFailure(element.value)), { immediate: true }));
    return () => {
      const listeners = {};
      for (const name in attrs) {
        if (/^on[A-Z]/.test(name)) listeners[`on${eventFrom(name).replace(/^s/, 'S')}`] = attrs[name];
      }
      return h('slot-picker', { ...attributesFrom(attrs), ...listeners, ref: element }, slots.default?.());
    };
  },
});
