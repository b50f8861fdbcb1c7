"""What people of the demo city write, in Arabic as they would, and what treating it costs."""

DESCRIPTIONS = {
    "pothole": (
        "حفرة عميقة في منتصف الشارع تتلف الإطارات.",
        "هبوط في الإسفلت بعد الأمطار الأخيرة.",
        "حفرة تتسع كل يوم عند مدخل الحي.",
    ),
    "damaged_sidewalk": (
        "بلاط الرصيف مكسور ويتعثر به المارة.",
        "الرصيف متهالك ولا يصلح لعربات الأطفال والكراسي المتحركة.",
    ),
    "street_light": (
        "عمود الإنارة مطفأ منذ أيام والشارع مظلم.",
        "الإنارة تومض طوال الليل.",
        "غطاء العمود مفتوح والأسلاك ظاهرة.",
    ),
    "construction_waste": (
        "أنقاض بناء متروكة بجانب الطريق.",
        "ناتج حفر لم يُرفع منذ أسبوعين.",
    ),
    "excavation_barrier": (
        "حفرية مفتوحة دون حواجز ولا لوحات.",
        "انتهى العمل وبقيت الحواجز في الطريق.",
    ),
    "concrete_barrier": ("حواجز خرسانية متروكة تضيّق الطريق.",),
    "abandoned_vehicle": (
        "سيارة متروكة بلا لوحات منذ أشهر.",
        "مركبة تالفة تشغل موقفين أمام المسجد.",
    ),
    "graffiti": ("كتابات على سور المدرسة.", "ملصقات على جدار الحديقة."),
    "violating_billboard": ("لوحة إعلانية تحجب الرؤية عند التقاطع.",),
    "guide_sign": ("لوحة اسم الشارع ساقطة.", "اللوحة الإرشادية باهتة لا تُقرأ."),
    "waste_container": (
        "الحاوية ممتلئة والنفايات حولها.",
        "حاوية مكسورة الغطاء والرائحة قوية.",
    ),
    "street_vendor": ("بسطة على الرصيف تضطر المشاة إلى النزول إلى الطريق.",),
    "canopy_hangar": ("مظلة ممتدة إلى خارج حدود الموقع.",),
    "random_structure": ("حوش من الصفيح على أرض فضاء.",),
    "neglected_park": ("ألعاب الأطفال مكسورة والأشجار يابسة.", "الحديقة بلا نظافة منذ مدة."),
}
ANY_DESCRIPTION = ("يحتاج الموقع إلى معالجة.", "لاحظناه أثناء المرور في الحي.")
PLACE_NOTES = (
    "أمام المدرسة",
    "بجانب المسجد",
    "عند مدخل الحديقة",
    "خلف السوق",
    "قرب الصيدلية",
    "عند التقاطع",
    "مقابل المركز الصحي",
)

REASONS = {
    "reject": (
        "لم نجد تشوهًا في الموقع عند الزيارة.",
        "الموقع ملكية خاصة ولا مخالفة فيه.",
        "البلاغ لا يخص عنصرًا من عناصر التشوه البصري.",
    ),
    "give_back": ("يحتاج إلى معدات ليست لدى الفريق.", "الموقع خارج نطاق العقد."),
    "send_back": ("بقي جزء لم يُعالج.", "الصورة لا تُظهر الموقع كاملًا.", "بقيت مخلفات بعد العمل."),
    "reopen": ("عاد التشوه في الموقع نفسه.", "اعترض المستفيد وتأكد المراقب من الموقع."),
    "correct": ("صُححت الكمية بعد القياس في الموقع.",),
}
BODIES = ("شركة المياه الوطنية", "شركة الكهرباء", "وزارة النقل", "إدارة المرور", "وزارة التعليم")

# The team that usually treats an element, where the city has a team of that code.
TEAM_OF = {
    "pothole": "roads",
    "damaged_sidewalk": "roads",
    "excavation_barrier": "roads",
    "street_light": "lighting",
    "guide_sign": "lighting",
    "waste_container": "cleaning",
    "graffiti": "cleaning",
    "neglected_park": "cleaning",
    "construction_waste": "removal",
    "concrete_barrier": "removal",
    "abandoned_vehicle": "removal",
    "random_structure": "removal",
}
RIYALS_A_UNIT = {
    "pothole": 95,
    "damaged_sidewalk": 140,
    "street_light": 420,
    "construction_waste": 38,
    "excavation_barrier": 60,
    "concrete_barrier": 180,
    "abandoned_vehicle": 350,
    "graffiti": 24,
    "waste_container": 75,
    "neglected_park": 12,
}
ANY_RIYALS_A_UNIT = 150
