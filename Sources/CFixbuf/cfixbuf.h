// SPDX-License-Identifier: BSD-3-Clause
#include <fixbuf/public.h>

// Swift cannot use the macros that make elements. The model copies what it is given.
static inline void cfixbuf_add_element(fbInfoModel_t *_Nonnull model, const char *_Nonnull name,
                                       uint32_t enterprise, uint16_t number, uint16_t length) {
  fbInfoElement_t element =
      FB_IE_INIT_FULL(name, enterprise, number, length, FB_IE_F_ENDIAN, 0, 0, FB_UINT_64, NULL);
  element.type = length == 4 ? FB_UINT_32 : FB_UINT_64;
  fbInfoModelAddElement(model, &element);
}
