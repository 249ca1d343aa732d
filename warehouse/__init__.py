"""The system a Thailand Post bonded warehouse (คลังสินค้าทัณฑ์บน) runs on."""
