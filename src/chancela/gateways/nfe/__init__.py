"""NF-e and NFC-e web services of layout 4.00: requests as text around signed bytes, answers as frozen values."""
