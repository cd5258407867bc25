export default function main(): i32 { // error XL1001
  return 0;
}
