"""Tables of submissions are cut into parts while participants answer: is all still there?"""
