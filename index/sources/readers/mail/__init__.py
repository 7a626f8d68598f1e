"""Mail (.eml) and pages that browsers save in one file (.mhtml): what each sender wrote, without what they quote."""
