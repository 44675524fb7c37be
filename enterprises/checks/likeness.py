"""When two units look like one: their names and addresses as they are compared.

Width, case, blanks, brackets and points do not count; nor does which of the two words for a limited company was used,
nor the province, the city and the county before a street.
"""

import re
import unicodedata

NO_MARK = re.compile(r"[\W_]+")
COMPANY = re.compile(r"有限责任公司|股份有限公司")
PLACE = re.compile(r"^(?:[一-鿿]{2,3}省)?(?:[一-鿿]{2,3}市){0,2}(?:[一-鿿]{1,3}[区县](?=[一-鿿]{2}))?")
MOST_NAME, MOST_ADDRESS = 120, 200


def _plain(text: str) -> str:
    return NO_MARK.sub("", unicodedata.normalize("NFKC", text).upper())


def name_key(name: str) -> str:
    """Return a name as it is compared: 昆山 颐养（护理）有限责任公司 and 昆山颐养护理有限公司 give the same."""
    return COMPANY.sub("有限公司", _plain(name))[:MOST_NAME]


def keys_of(name: str, address: str) -> tuple[str, str]:
    """Return name and address as they are compared."""
    return name_key(name), address_key(address)


def address_key(address: str) -> str:
    """Return an address as it is compared: 江苏省苏州市昆山市花桥镇光明路18号 and 花桥镇光明路１８号 give the same."""
    plain = _plain(address)
    return (PLACE.sub("", plain) or plain)[:MOST_ADDRESS]
