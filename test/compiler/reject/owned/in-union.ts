import { type Ticket } from "../../accept/modules/parts/tickets.ts";
type Offer = { readonly price: u32; readonly ticket: Ticket };
@struct
class Shop {
  readonly offers = new FixedArray<Offer, 2>(); // error XL4012
}
const shop = new Shop();
export function main(): i32 {
  return shop.offers.length as i32;
}
