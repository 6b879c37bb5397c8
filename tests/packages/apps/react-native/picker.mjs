export { SlotPicker } from 'slotwire/react-native';
